import { type Kind, models, type ModelName, shapes } from "./fuzz-models.ts";
import type { Random } from "./random.ts";

/** A row as plain values: columns by name, relations as rows and lists of rows. */
export type PlainRow = Record<string, any>;
export type World = Readonly<Record<ModelName, PlainRow[]>>;

/** Values that collide often, and have what patterns and texts are broken by. */
export const pool: Readonly<Record<Kind, readonly (string | number | boolean)[]>> = {
  int: [-3, 0, 1, 2, 3, 5, 7],
  text: ["", "a", "A", "Latte", "latte", "50%", "a_b", "aXb", "*", "[a]", "é", "É", "o'k", "한", "back\\slash", " pad "],
  bool: [true, false],
  decimal: ["0.00", "1.50", "10.00", "2.25", "-1.50", "9.99"],
  moment: [
    "2024-12-31T23:59:59.999Z",
    "2025-01-01T00:00:00.000Z",
    "2024-02-29T12:30:00.000Z",
    "1969-12-31T23:00:00.000Z",
    "2025-03-30T01:30:05.250Z",
  ],
  day: ["2024-12-30", "2025-01-01", "2024-02-29", "1970-01-01"],
};

/** Rows of all models, in memory. */
export function makeWorld(random: Random): World {
  const value = (kind: Kind) => (random.chance(0.25) ? null : random.pick(pool[kind]));
  const rows = (name: ModelName, count: number, make: (id: number) => PlainRow): PlainRow[] =>
    Array.from({ length: count }, (_, i) => {
      const row: PlainRow = { id: i + 1 };
      for (const many of Object.keys(shapes[name].many)) row[many] = [];
      for (const one of Object.keys(shapes[name].reverseOne)) row[one] = null;
      return Object.assign(row, make(i + 1));
    });
  const maybe = (list: PlainRow[], chance = 0.7) => (random.chance(chance) ? random.pick(list) : null);
  const roasters = rows("Roaster", 5, () => ({ name: value("text"), size: value("int") }));
  const profiles = random.some(roasters, 3).map((roaster, i) => {
    const profile: PlainRow = { id: i + 1, story: value("text"), stars: value("int"), roaster };
    roaster["profile"] = profile;
    return profile;
  });
  const tags = rows("Tag", 4, (id) => ({ label: pool.text[id * 2], weight: value("int") }));
  const coffees: PlainRow[] = [];
  rows("Coffee", 24, () => ({
    name: random.pick(pool.text),
    note: value("text"),
    price: value("int"),
    weight: value("decimal"),
    isIce: value("bool"),
    added: value("moment"),
    day: value("day"),
    roaster: maybe(roasters),
    partner: null,
  })).forEach((coffee) => {
    coffee["partner"] = coffees.length > 0 ? maybe(coffees, 0.5) : null;
    coffee["partner"]?.["partners"].push(coffee);
    coffee["roaster"]?.["coffees"].push(coffee);
    for (const tag of random.some(tags, random.below(4))) {
      coffee["tags"].push(tag);
      tag["coffees"].push(coffee);
    }
    coffees.push(coffee);
  });
  const reviews = rows("Review", 30, () => {
    const coffee = random.pick(coffees.slice(0, 15));
    return { stars: value("int"), body: value("text"), coffee, tag: maybe(tags) };
  });
  for (const review of reviews) review["coffee"]["reviews"].push(review);
  // Those of an even key have a row in the child's table too.
  const reserves = roasters.filter(({ id }) => id % 2 === 0).map((roaster) => ({ ...roaster, rank: value("int") }));
  const world: World = { Roaster: roasters, Reserve: reserves, Profile: profiles, Tag: tags, Coffee: coffees, Review: reviews };
  for (const name of Object.keys(world) as ModelName[])
    for (const one of Object.keys(shapes[name].one))
      for (const row of world[name]) row[`${one}Id`] = row[one] === null ? null : row[one]["id"];
  return world;
}

/** Writes them into the database. */
export async function saveWorld(world: World): Promise<void> {
  for (const name of ["Roaster", "Profile", "Tag", "Coffee", "Review"] as const) {
    const columns = Object.entries(shapes[name].columns);
    const made = world[name].map((row) =>
      Object.fromEntries(columns.map(([column, kind]) => [column, written(row[column], kind)])),
    );
    const isParent = (row: PlainRow) => name === "Roaster" && world.Reserve.some(({ id }) => id === row["id"]);
    await (models[name].objects as any).bulkCreate(made.filter((row) => !isParent(row)));
    if (name === "Roaster")
      for (const { id, name: its, size, rank } of world.Reserve)
        await models.Reserve.objects.create({ id, name: its, size, rank } as never);
  }
  for (const coffee of world.Coffee) {
    const row = await models.Coffee.objects.get({ id: coffee["id"] });
    if (coffee["tags"].length > 0) await row.tags.add(...coffee["tags"].map((tag: PlainRow) => tag["id"]));
  }
}

function written(value: unknown, kind: Kind): unknown {
  return kind === "moment" && value !== null ? new Date(value as string) : value;
}
