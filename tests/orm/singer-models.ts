/** One half of a cycle of model files: `song-models.ts` is the other. */
import { char, foreignKey, manager, Model, related } from "cortado/orm";
// oxlint-disable-next-line import/no-cycle -- the cycle is what is tested
import { Song } from "./song-models.ts";

export class Singer extends Model({
  name: char({ maxLength: 20 }),
  songs: () => related(Song, "singer"),
  best: () => foreignKey(Song, { onDelete: "setNull", null: true, relatedName: "+" }),
}) {
  static objects = manager(this);
  sing(): string {
    return this.name;
  }
}
