// Models in files that import one another, and the declarations that the compiler writes of them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { temporaryFolder } from "../temporary-folder.ts";
import { TypedProjects, written } from "./typed-project.ts";

const roaster = `import { char, extend, integer, manager, Model, proxy, related, textChoices } from "cortado/orm";
import { Coffee } from "./coffee.ts";
export const Country = textChoices({ KOREA: ["KR", "Korea"], ETHIOPIA: "ET" });
export class Roaster extends Model({
  name: char({ maxLength: 30 }), country: char({ maxLength: 2, choices: Country, default: "KR" }), coffees: () => related(Coffee, "roaster"),
}) { static objects = manager(this); }
export class Works extends extend(Roaster, { size: integer() }) { static objects = manager(this); }
export class Seen extends proxy(Roaster) { static objects = manager(this); }
`;
const coffee = `import { char, compositePrimaryKey, count, dateTime, decimal, file, foreignKey, generated, genericForeignKey, integer, json, manager, managerFrom, manyToMany, Model, QuerySet } from "cortado/orm";
import { Roaster } from "./roaster.ts";
export class CoffeeQuery extends QuerySet<Coffee> {
  cheap() { return this.filter({ price: { lt: 3 } }); }
  counted() { return this.annotate((c) => ({ n: count(), from: c.roaster.name })); }
}
export class Coffee extends Model({
  name: char({ maxLength: 30 }), price: integer({ default: 0 }), cost: decimal({ null: true }), at: dateTime({ autoNowAdd: true }),
  data: json<{ a: number }>({ null: true }), twice: generated({ expression: (c) => c.price.mul(2), output: integer() }), recipe: file({ blank: true }),
  roaster: () => foreignKey(Roaster, { onDelete: "protect" }), tags: () => manyToMany(Tag),
}) { static objects = manager(this, CoffeeQuery); label() { return this.name; } }
export class TagQuery extends QuerySet<Tag> { long() { return this.filter({ name: { length: { gt: 2 } } }); } }
export class Tag extends Model({ name: char({ maxLength: 3 }) }) { static objects = new (managerFrom(TagQuery))(this); }
export class Line extends Model({ pk: compositePrimaryKey("a", "b"), a: integer(), b: integer() }) { static objects = manager(this); }
export class Note extends Model({
  kind: char({ maxLength: 100 }), key: integer(), subject: () => genericForeignKey<Coffee | Roaster>("kind", "key"),
}) { static objects = manager(this); }
`;
/** Functions whose results nobody wrote down. */
const queries = `import { count, cte, exists, outerRef, postSave, prefetch, rank, type Refs, sql, subquery, when, window } from "cortado/orm";
import { Coffee, Line, type Note, Tag } from "./coffee.ts";
import { Roaster } from "./roaster.ts";
export const dear = () => Coffee.objects.filter({ price: { gt: 3 } }).with("roaster").annotate((c) => ({ n: c.tags.count() }));
export const cheap = () => Coffee.objects.cheap().counted();
export const totals = () => Coffee.objects.aggregate((c) => ({ n: count(), sum: c.price.sum(), cost: c.cost.avg() }));
export const values = () => Coffee.objects.values("name", "cost", "roasterId");
export const listed = () => Coffee.objects.valuesList("name", "price");
export const computed = () => Roaster.objects.annotate((r) => ({
  last: subquery(Coffee.objects.filter({ roaster: outerRef(r.id) }).values("name")), has: exists(Coffee.objects.all()), place: window(rank(), { orderBy: r.name }),
}));
export const own = () => Roaster.objects.with({ coffees: Coffee.objects.cheap(), names: prefetch("coffees", Coffee.objects.values("name")) });
export const named = cte("totals", Coffee.objects.values("roasterId").annotate((c) => ({ total: c.price.sum(), n: count() })));
export const rows = async () => (await own())[0]!;
export const half = sql<number>\`1 / 2\`;
export const branch = when({ price: 1 }, 1);
export const paged = () => Coffee.objects.orderBy("-price").page({ size: 3 });
export const found = () => Coffee.objects.getOrCreate({ name: "x" }, () => ({ price: 3, roasterId: 1 }));
export const way = (roaster: Roaster) => roaster.coffees;
export const later = (coffee: Coffee) => coffee.roaster;
export const about = (note: Note) => note.subject;
export const condition = (coffee: Refs<Coffee>) => coffee.price.gt(3).and(coffee.roaster.name.eq("x"));
export const key = (line: Line) => line.pk;
export const union = () => Tag.objects.long().union(Tag.objects.all());
export const raw = () => Coffee.objects.raw(sql\`SELECT 1\`);
export const saved = postSave;
`;

suite("files of models", () => {
  const projects = new TypedProjects();
  after(() => projects.remove());

  test("may import one another, whichever the compiler meets first", () => {
    for (const [first, second] of [
      ["a", "z"],
      ["z", "a"],
    ] as const)
      // oxfmt-ignore
      assert.deepEqual(
        projects.compile({
          [`${first}.ts`]: roaster.replace("./coffee.ts", `./${second}.ts`),
          [`${second}.ts`]: coffee.replace("./roaster.ts", `./${first}.ts`),
        }).errors,
        {},
      );
  });

  test("become declarations in which every type has a name that others can import", () => {
    const files = { "roaster.ts": roaster, "coffee.ts": coffee, "queries.ts": queries };
    const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: "types" };
    const verdict = projects.compile(files, emit);
    assert.deepEqual(verdict.errors, {});
    const given = Object.keys(files).map((name) => written(verdict, `types/${name.replace(".ts", ".d.ts")}`));
    const imported = new Set(given.flatMap((text) => [...text.matchAll(/(?:import\(|from )"([^"]+)"/g)].map(([, from]) => from)));
    assert.deepEqual([...imported].sort(), ["./coffee.ts", "./roaster.ts", "cortado/orm", "cortado/validation"]);
    assert.doesNotMatch(given.join("\n"), /\bany\b/);
  });

  test("are read alike by those who have the declarations alone", () => {
    const verdict = projects.compile(
      { "roaster.ts": roaster, "coffee.ts": coffee, "queries.ts": queries },
      { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: "types" },
    );
    const declared = Object.fromEntries(
      ["roaster", "coffee", "queries"].map((name) => [`${name}.d.ts`, written(verdict, `types/${name}.d.ts`)]),
    );
    const use = `import { Coffee } from "./coffee.ts";
import { dear, own } from "./queries.ts";
export async function use(): Promise<string> {
  const [row] = await dear().cheap().filter({ n: 3, roaster: { coffees: { price: { gt: 3 } } } });
  const names: string[] = (await own())[0]!.names.map((each) => each.name);
  const created = await Coffee.objects.create({ name: "Latte", roasterId: 3, cost: null });
  return row!.roaster.name + row!.n.toFixed() + created.label() + names.join();
}
// @ts-expect-error -- no such field
void Coffee.objects.filter({ prise: 3 });
`;
    assert.deepEqual(projects.compile({ ...declared, "use.ts": use }).errors, {});
  });

  test("run, whichever is imported first", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(import.meta.dirname, "../.."), join(folder, "node_modules/cortado"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "roaster.ts"), roaster);
    writeFileSync(join(folder, "coffee.ts"), coffee);
    for (const order of [
      ["roaster", "coffee"],
      ["coffee", "roaster"],
    ]) {
      // oxfmt-ignore
      const text = `${order.map((name) => `import "./${name}.ts";`).join("\n")}
import { Coffee } from "./coffee.ts";
import { Roaster } from "./roaster.ts";
const roaster = new Roaster({ name: "Fritz" });
console.log(new Coffee({ name: "Latte", roaster }).label(), Object.keys(Roaster.fields).join());`;
      writeFileSync(join(folder, "main.ts"), text);
      const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=cortado-source", "main.ts"], {
        cwd: folder,
        encoding: "utf8",
      });
      assert.equal(stdout, "Latte name,country,coffees\n", stderr);
    }
  });
});
