import {
  boolean,
  char,
  child,
  extend,
  foreignKey,
  integer,
  Manager,
  manager,
  manyToMany,
  Model,
  oneToOne,
  proxy,
  QuerySet,
  related,
} from "cortado/orm";

/** Abstract: what has a name. */
export class Named extends Model(
  {
    name: char({ maxLength: 40 }),
    owner: () => foreignKey(Person, { onDelete: "cascade", null: true, relatedName: "%(class)ss" }),
  },
  { abstract: true, ordering: ["name"], verboseNamePlural: "named things" },
) {
  shout(): string {
    return this.name.toUpperCase();
  }
  get initial(): string {
    return this.name.charAt(0);
  }
}

/** Abstract: what is rated. */
export class Rated extends Model({ stars: integer({ default: 3 }), name: integer({ default: 0 }) }, { abstract: true }) {
  rating(): string {
    return "*".repeat(this.stars);
  }
}

export class Person extends Model({ name: char({ maxLength: 40 }), places: () => related(Place, "owner") }) {
  static objects = manager(this);
}

class PlaceQuery extends QuerySet<Place> {
  inTown(town: string) {
    return this.filter({ town });
  }
}

export class Place extends extend(Named, {
  town: char({ maxLength: 40, default: "" }),
  friends: () => manyToMany(Person, { relatedName: "favourites" }),
  reviews: () => related(Review, "place"),
  restaurant: () => child(Restaurant),
}) {
  static objects = manager(this, PlaceQuery);
  override toString() {
    return `${this.name} in ${this.town}`;
  }
}

export class Restaurant extends extend(Place, {
  servesPizza: boolean({ default: false }),
  cook: () => foreignKey(Person, { onDelete: "setNull", null: true, relatedName: "kitchens" }),
}) {
  static objects = manager(this);
  override shout() {
    return `${super.shout()}!`;
  }
}

export class Pizzeria extends extend(Restaurant, { ovens: integer({ default: 1 }) }) {
  static objects = manager(this);
}

/** Its link has a name of its own. */
export class Bar extends extend(Place, {
  at: () => oneToOne(Place, { onDelete: "cascade", parentLink: true, relatedName: "asBar" }),
  beers: integer({ default: 0 }),
}) {
  static objects = manager(this);
}

export class Review extends Model({ place: () => foreignKey(Place, { onDelete: "cascade" }), text: char({ maxLength: 40 }) }) {
  static objects = manager(this);
}

/** Of several bases; the first that has a name counts. */
export class Hotel extends extend([Named, Rated], { rooms: integer({ default: 10 }) }, { verboseName: "hotel" }) {
  static objects = manager(this);
}

/** Without one of the base's fields, and with another of another kind. */
export class Ship extends extend(Named, { owner: null, name: integer({ default: 7 }) }, { ordering: ["id"] }) {
  static objects = manager(this);
}

class PizzaManager extends Manager<PizzaPlace> {
  override query() {
    return super.query().filter({ servesPizza: true });
  }
}

/** The same rows as Restaurant's, seen otherwise. */
export class PizzaPlace extends proxy(Restaurant, { ordering: ["-name"], permissions: { bake: "Can bake" } }) {
  static objects = new PizzaManager(this);
  slices(): number {
    return this.name.length;
  }
}

export class Order extends Model({ place: () => foreignKey(PizzaPlace, { onDelete: "cascade" }) }) {
  static objects = manager(this);
}
