import { char, float, manager, Model } from "cortado/orm";

/** One of the 344 penguins measured on the Palmer Archipelago (CC0). Lengths and depths in millimetres, masses in grams. */
export class Penguin extends Model(
  {
    species: char({ maxLength: 20, choices: { Adelie: "Adelie", Chinstrap: "Chinstrap", Gentoo: "Gentoo" } }),
    island: char({ maxLength: 20, choices: { Biscoe: "Biscoe", Dream: "Dream", Torgersen: "Torgersen" } }),
    beakLength: float({ null: true, blank: true, helpText: "Millimetres." }),
    beakDepth: float({ null: true, blank: true, helpText: "Millimetres." }),
    flipperLength: float({ null: true, blank: true, helpText: "Millimetres." }),
    bodyMass: float({ null: true, blank: true, helpText: "Grams." }),
    sex: char({ maxLength: 6, null: true, blank: true, choices: { MALE: "Male", FEMALE: "Female" } }),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
  override toString() {
    return `${this.species} from ${this.island}`;
  }
}
