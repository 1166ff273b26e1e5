/** What the ORM's types accept and refuse. `npx tsc` is the test: nothing here runs. */
import { char, count, foreignKey, integer, manager, Model, type Pending, related } from "cortado/orm";
import type { Decimal, Temporal } from "cortado/validation";
import { Coffee, type Node, Roaster, type Sample } from "../orm/cafe-models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => undefined;

export async function rows(coffee: Coffee, roaster: Roaster, { sample, node }: { sample: Sample; node: Node }) {
  is<Equal<Coffee["id"], number>>();
  is<Equal<Coffee["name"], string>>();
  is<Equal<Coffee["isIce"], boolean>>();
  is<Equal<Coffee["roasterId"], number | null>>();
  is<Equal<Coffee["roaster"], Roaster | Pending<Roaster> | null>>();
  is<Equal<Roaster["country"], "KR" | "ET">>();
  is<Equal<Sample["big"], bigint | null>>();
  is<Equal<Sample["cost"], Decimal | null>>();
  is<Equal<Sample["day"], Temporal.PlainDate | null>>();
  is<Equal<Sample["data"], { a?: number[] } | null>>();
  (await coffee.roaster)?.toString();
  (await roaster.coffees)[0]!.label();
  (await node.parent)?.title satisfies string | undefined;
  (await node.children).map((child) => child.title);
  // @ts-expect-error -- the relation may not be loaded
  void coffee.roaster?.name;
  // @ts-expect-error -- not one of the choices
  roaster.country = "XX";
  sample.changed satisfies Date;
}

export async function queries(given: string | undefined) {
  const [coffee] = await Coffee.objects
    .filter({ price: { gte: 3000 }, roaster: { country: "KR", coffees: { isIce: true } } })
    .orderBy("-price", "roaster.name");
  coffee!.label();
  await Coffee.objects.filter({ roasterId: 3, name: { icontains: "a" }, id: { in: [1, 2] } }, (c) =>
    c.price.gt(3).and(c.roaster.country.eq("KR")),
  );
  const [loaded] = await Coffee.objects.with("roaster");
  loaded!.roaster?.name satisfies string | undefined;
  loaded!.label();
  const [annotated] = await Roaster.objects
    .annotate((r) => ({ n: r.coffees.count(), mean: r.coffees.price.avg() }))
    .filter((r) => r.n.gt(3))
    .orderBy("-n");
  is<Equal<(typeof annotated & object)["n"], number>>();
  is<Equal<(typeof annotated & object)["mean"], number | null>>();
  const [pair] = await Coffee.objects.values("name", "roasterId");
  is<Equal<typeof pair, { name: string; roasterId: number | null } | undefined>>();
  is<Equal<Awaited<ReturnType<typeof flat>>, string[]>>();
  const total = await Coffee.objects.aggregate((c) => ({ total: c.price.sum(), n: count() }));
  is<Equal<typeof total, { total: number | null; n: number }>>();
  await Coffee.objects.filter({ id: 1 }).update((c) => ({ price: c.price.add(100) }));
  // @ts-expect-error -- no such field
  Coffee.objects.filter({ prise: 3 });
  // @ts-expect-error -- no such field of the relation
  Coffee.objects.filter({ roaster: { kountry: "KR" } });
  // @ts-expect-error -- a number is not compared with a text
  Coffee.objects.filter({ price: "3" });
  // @ts-expect-error -- no such lookup
  Coffee.objects.filter({ name: { startswith: "L" } });
  // @ts-expect-error -- no such field
  Coffee.objects.orderBy("prise");
  // @ts-expect-error -- not a relation
  Coffee.objects.with("name");
  // @ts-expect-error -- no such field
  Coffee.objects.annotate((c) => ({ n: c.prise.sum() }));
  // @ts-expect-error -- not a value of the field
  Coffee.objects.filter({ id: 1 }).update({ price: "many" });
  void given;
}

function flat() {
  return Coffee.objects.valuesList("name", { flat: true }).then((names) => names);
}

export async function creating(roaster: Roaster) {
  await Coffee.objects.create({});
  await Roaster.objects.create({ name: "Fritz", country: "KR" });
  await Strict.objects.create({ title: "x", roaster });
  await Strict.objects.create({ title: "x", roasterId: 3 });
  // @ts-expect-error -- country is required
  await Roaster.objects.create({ name: "Fritz" });
  // @ts-expect-error -- the relation is required
  await Strict.objects.create({ title: "x" });
  // @ts-expect-error -- no such field
  await Coffee.objects.create({ nme: "x" });
  // @ts-expect-error -- not a number
  new Coffee({ price: "3" });
}

class Strict extends Model({ title: char({ maxLength: 3 }), roaster: () => foreignKey(Roaster, { onDelete: "cascade" }) }) {
  static objects = manager(this);
}

// @ts-expect-error -- not a field
export const wrong = Model({ x: 5 });
// @ts-expect-error -- relations are functions
export const direct = Model({ roaster: foreignKey(Roaster, { onDelete: "cascade" }) });
export class Keyed extends Model({ code: char({ maxLength: 3, primaryKey: true }), n: integer() }) {
  static objects = manager(this);
}
export function keys(keyed: Keyed) {
  is<Equal<Keyed["pk"], string>>();
  // @ts-expect-error -- the primary key is `code`
  void keyed.id;
}
// @ts-expect-error -- Coffee has no such relation
export const back = () => related(Coffee, "owner");
