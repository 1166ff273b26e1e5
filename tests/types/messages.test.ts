// What must not compile, and how the compiler says it.
import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { TypedProjects, type Verdict } from "./typed-project.ts";

const models = `import { boolean, char, compositePrimaryKey, date, decimal, foreignKey, integer, manager, manyToMany, Model, QuerySet, related, text } from "cortado/orm";
export class Roaster extends Model({
  name: char({ maxLength: 30 }), country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" } }), coffees: () => related(Coffee, "roaster"),
}) { static objects = manager(this); }
export class CoffeeQuery extends QuerySet<Coffee> { cheap() { return this.filter({ price: { lt: 3 } }); } }
export class Coffee extends Model({
  name: char({ maxLength: 30 }), price: integer({ default: 0 }), note: text({ null: true }), cost: decimal({ null: true }), isIce: boolean({ default: false }), roasted: date({ null: true }),
  roaster: () => foreignKey(Roaster, { onDelete: "protect" }), tags: () => manyToMany(Tag),
}) { static objects = manager(this, CoffeeQuery); }
export class Tag extends Model({ code: char({ maxLength: 3, primaryKey: true }) }) { static objects = manager(this); }
export class Line extends Model({ pk: compositePrimaryKey("order", "number"), order: integer(), number: integer() }) { static objects = manager(this); }
`;

const declared =
  /is not assignable to type '"This is not a field: use char\({ … }\), integer\(\), … Relations are functions: roaster: \(\) => foreignKey\(Roaster, { … }\)"/;
const ofChild =
  /is not assignable to type '"This is not a field: use char\({ … }\), integer\(\), null for a field to do without\. Relations are functions/;

/** Statements, each in a file of its own, and what the compiler says of it. */
const refused: Record<string, readonly [source: string, message: RegExp]> = {
  "an unknown field in a filter": ["Coffee.objects.filter({ prise: 3 });", /^Object literal may only specify known properties, and 'prise' does not exist in type 'ConditionOf<Coffee, unknown>'\.$/],
  "an unknown field after narrowing": ["Coffee.objects.cheap().exclude({ prise: 3 });", /'prise' does not exist in type 'ConditionOf<Coffee, unknown>'/],
  "a value of another type": ['Coffee.objects.filter({ price: "3" });', /^Type 'string' is not assignable to type 'ScalarWhere<number> \| undefined'\.$/],
  "an unknown lookup": ['Coffee.objects.filter({ name: { startswith: "L" } });', /^Object literal may only specify known properties, and 'startswith' does not exist in type '.*Lookups<string>'\.$/],
  "a lookup of texts on a number": ['Coffee.objects.filter({ price: { icontains: "3" } });', /'icontains' does not exist in type '.*Lookups<number>'/],
  "a part of a date on a decimal": ["Coffee.objects.filter({ cost: { year: 3 } });", /'year' does not exist in type '.*Decimal/],
  "a part of the time on a day": ["Coffee.objects.filter({ roasted: { hour: 3 } });", /'hour' does not exist in type '.*PlainDate/],
  "a lookup with a value of another type": ['Coffee.objects.filter({ price: { gte: "3" } });', /^Type 'string' is not assignable to type 'Right<number> \| undefined'\.$/],
  "an unknown field of a relation": ['Coffee.objects.filter({ roaster: { kountry: "KR" } });', /'kountry' does not exist in type '.*Roaster/],
  "what is no choice, in a filter": ['Coffee.objects.filter({ roaster: { country: "XX" } });', /Type '"XX"' is not assignable to type 'ScalarWhere<"ET" \| "KR"> \| undefined'/],
  "what is no choice, in create()": ['Roaster.objects.create({ name: "x", country: "XX" });', /^Type '"XX"' is not assignable to type '"ET" \| "KR"'\.$/],
  "a field that create() misses": ['Roaster.objects.create({ name: "x" });', /Property 'country' is missing in type '{ name: string; }' but required in type '{ country: "ET" \| "KR"; name: string; }'/],
  "a relation that create() misses": ['Coffee.objects.create({ name: "x" });', /Property 'roaster(Id)?' is missing in type '{ name: string; }'/],
  "a misspelt field in create()": ['Coffee.objects.create({ name: "x", roasterId: 3, pirce: 3 });', /'pirce' does not exist in type .* Did you mean to write 'price'\?/],
  "an unknown field in an expression": ["Coffee.objects.annotate((c) => ({ n: c.prise.add(1) }));", /^Property 'prise' does not exist on type 'RowRefs<Coffee, unknown>'\. Did you mean 'price'\?$/],
  "an unknown field in update()": ["Coffee.objects.all().update({ prise: 3 });", /'prise' does not exist in type/],
  "a value of another type in update()": ['Coffee.objects.all().update({ price: "many" });', /^Type 'string' is not assignable to type 'number \| Computed \| undefined'\.$/],
  "an unknown name in an order": ['Coffee.objects.orderBy("prise");', /^Argument of type '"prise"' is not assignable/],
  "an unknown name in values()": ['Coffee.objects.values("prise");', /^Argument of type '"prise"' is not assignable to parameter of type '"cost" \| "id" \| "isIce" \| "name" \| "note" \| "pk" \| "price" \| "roasted" \| "roaster" \| "roasterId"/],
  "what values() left out": ['export const f = async () => (await Coffee.objects.values("name", "roasterId"))[0]!.price;', /^Property 'price' does not exist on type '{ name: string; roasterId: number; }'\.$/],
  "with() of what is no relation": ['Coffee.objects.with("name");', /Argument of type '"name"' is not assignable to parameter of type '"roaster" \| "tags" \| `roaster\.\${string}` \| `tags\.\${string}`'/],
  "a relation that is not loaded": ["export const f = (coffee: Coffee) => coffee.roaster.name;", /^Property 'name' does not exist on type 'Pending<Roaster> \| Roaster'\./],
  "null where the field has none": ["export const f = (coffee: Coffee) => { coffee.price = null; };", /^Type 'null' is not assignable to type 'number'\.$/],
  "a value that may be null": ["export const f = (coffee: Coffee) => coffee.note.length;", /^'coffee\.note' is possibly 'null'\.$/],
  "an id where the key has another name": ['Tag.objects.get({ id: "x" });', /'id' does not exist in type 'ConditionOf<Tag, unknown>'/],
  "a part of a key of several fields": ["Line.objects.get({ pk: [1] });", /Source has 1 element\(s\) but target requires 2/],
  "what related() does not find": ['export const back = () => related(Coffee, "owner");', /^Argument of type '"owner"' is not assignable to parameter of type '"cost" \| "isIce" \| "name" \| "note" \| "price" \| "roasted" \| "roaster" \| "tags"'\.$/],
  "a deletion rule that is missing": ["export const to = () => foreignKey(Roaster, {});", /^Property 'onDelete' is missing in type '{}' but required in type 'ForeignKeyOptions'\.$/],
  "a misspelt option": ["export const name = char({ maxLenght: 3 });", /'maxLenght' does not exist in type 'TextOptions'\. Did you mean to write 'maxLength'\?$/],
  "a number in a declaration": ["export const Wrong = Model({ x: 5 });", declared],
  "a text in a declaration": ['export const Wrong = Model({ x: "text" });', declared],
  "a relation that is no function": ['export const Wrong = Model({ to: foreignKey(Roaster, { onDelete: "cascade" }) });', declared],
  "a way back that is no function": ['export const Wrong = Model({ back: related(Coffee, "roaster") });', declared],
  "a number in a child's declaration": ["export const Wrong = extend(Roaster, { x: 5 });", ofChild],
  "a child's relation that is no function": ['export const Wrong = extend(Roaster, { to: foreignKey(Tag, { onDelete: "cascade" }) });', ofChild],
  "a query class of another model": ["export const wrong = manager(Roaster, CoffeeQuery);", /is not assignable to parameter of type 'RowsOf<Coffee>'/],
  "values of another shape in a union": ['Coffee.objects.values("name").union(Coffee.objects.values("price"));', /Property 'name' is missing in type '{ price: number; }'/],
}; // oxfmt-ignore

suite("what the compiler says", () => {
  const projects = new TypedProjects();
  after(() => projects.remove());
  const imports = `import { char, extend, foreignKey, manager, Model, related } from "cortado/orm";
import { Coffee, CoffeeQuery, Line, Roaster, Tag } from "./models.ts";
`;
  const files = Object.values(refused).map(([source], i) => [`case${i}.ts`, `${imports}${source}\n`]);
  const { errors }: Verdict = projects.compile({ "models.ts": models, ...Object.fromEntries(files) });

  test("the models compile", () => assert.deepEqual(errors["models.ts"] ?? [], []));
  for (const [i, [what, [source, message]]] of Object.entries(refused).entries())
    test(`${what} is refused`, () => {
      const found = errors[`case${i}.ts`] ?? [];
      assert.equal(found.length, 1, `${source} gives ${found.length} errors: ${found.join("\n")}`);
      assert.match(found[0]!, message);
    });
});
