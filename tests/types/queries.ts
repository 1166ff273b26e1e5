/** What queries of queries, bulk writes and SQL of one's own give and refuse. `npx tsc` is the test: nothing here runs. */
import { count, cte, outerRef, recursive, rowsOf, sql, value } from "cortado/orm";
import type { Temporal } from "cortado/validation";
import { z } from "zod";
import { Coffee, Roaster, Sample } from "../orm/cafe-models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => undefined;

export async function combining() {
  const rows = await Coffee.objects.filter({ isIce: true }).union(Coffee.objects.all(), { all: true });
  rows[0]!.label();
  const names = await Coffee.objects.values("name").difference(Roaster.objects.values("name"));
  is<Equal<(typeof names)[number], { name: string }>>();
  // @ts-expect-error -- rows of another shape
  Coffee.objects.values("name").union(Coffee.objects.values("price"));
  const [aliased] = await Coffee.objects
    .alias((c) => ({ half: c.price.div(2) }))
    .filter((c) => c.half.gt(1))
    .orderBy("half");
  // @ts-expect-error -- rows do not have what alias() computes
  void aliased!.half;
  const months = await Sample.objects.dates("moment", "month");
  is<Equal<(typeof months)[number], Temporal.PlainDate>>();
  void Coffee.objects.sliceEach("roaster", 0, 3);
  // @ts-expect-error -- no such field
  Coffee.objects.sliceEach("roster", 0, 3);
}

export async function named() {
  const totals = cte(
    "totals",
    Coffee.objects.values("roasterId").annotate((c) => ({ total: c.price.sum(), n: count() })),
  );
  const [row] = await Roaster.objects
    .join(totals, (r, t) => t.roasterId.eq(r.id))
    .annotate(() => ({ total: totals.columns.total, n: totals.columns.n }));
  row!.total satisfies number | null;
  is<Equal<(typeof row & object)["n"], number>>();
  const [group] = await totals.all().filter({ n: 3 });
  is<Equal<(typeof group & object)["roasterId"], number | null>>();
  // @ts-expect-error -- no such column
  void totals.columns.sum;
  const dearer = recursive("dearer", {
    start: Coffee.objects.filter({ name: "Latte" }).annotate(() => ({ step: value(0) })),
    step: (found) =>
      Coffee.objects.join(found, (c, last) => c.price.gt(last.price)).annotate(() => ({ step: found.columns.step.add(1) })),
  });
  const [found] = await dearer.all().orderBy("step");
  found!.label();
  found!.step satisfies number;
  const [roaster] = await Roaster.objects.annotate((r) => ({
    dearest: rowsOf(Coffee.objects.filter({ roaster: outerRef(r.id) }).values("name", "price")),
  }));
  is<Equal<(typeof roaster & object)["dearest"], { name: string; price: number }[]>>();
}

export async function ownSql() {
  const [row] = await sql`SELECT 1`.all(z.object({ n: z.number() }));
  is<Equal<typeof row, { n: number } | undefined>>();
  const [half] = await Coffee.objects
    .annotate((c) => ({ half: sql<number>`${c.price} / 2` }))
    .filter((c) => sql<boolean>`${c.half} > 1`);
  is<Equal<(typeof half & object)["half"], number>>();
  const [raw] = await Coffee.objects.raw(sql`SELECT id, 1 AS n`, { extra: z.object({ n: z.number() }) });
  raw!.label();
  is<Equal<(typeof raw & object)["n"], number>>();
  // @ts-expect-error -- a text is not true or false
  Sample.objects.filter((s) => sql<string>`${s.left}`);
}

export async function writing(coffees: Coffee[]) {
  const made = await Coffee.objects.bulkCreate([{ name: "Latte" }], {
    updateConflicts: true,
    updateFields: ["price"],
    uniqueFields: ["name"],
  });
  made[0]!.label();
  await Coffee.objects.bulkUpdate(coffees, ["price"]);
  // @ts-expect-error -- no such field
  await Coffee.objects.bulkUpdate(coffees, ["prise"]);
  // @ts-expect-error -- the country is required
  await Roaster.objects.bulkCreate([{ name: "Fritz" }]);
  const [coffee, created] = await Coffee.objects.getOrCreate({ name: { iexact: "latte" } }, () => ({ price: 3 }));
  is<Equal<typeof created, boolean>>();
  coffee.label();
  await Coffee.objects.updateOrCreate({ name: "Latte" }, { price: 3 }, { createDefaults: { price: 4 } });
  const page = await Coffee.objects.orderBy("-price").page({ size: 3 });
  page.rows[0]!.label();
  is<Equal<typeof page.next, string | null>>();
}

export function readingValues() {
  void Sample.objects.filter({ cost: { gte: 3, lt: "4.50" }, day: "2026-01-31", moment: { range: ["2026-01-01", new Date()] } });
  void Sample.objects.filter({ cost: 3, day: { in: ["2026-01-31"], year: { gte: 2020 } } });
  // @ts-expect-error -- a day is no number
  Sample.objects.filter({ day: 3 });
  // @ts-expect-error -- nor is it a text for the lookups of texts
  Sample.objects.filter({ day: { startsWith: "2026" } });
  // @ts-expect-error -- true is no decimal
  Sample.objects.filter({ cost: { gt: true } });
}
