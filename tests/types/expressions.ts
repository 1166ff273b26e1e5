// What expressions give, by type.
import {
  caseWhen,
  cast,
  coalesce,
  count,
  exists,
  extract,
  integer,
  jsonObject,
  lag,
  nullIf,
  outerRef,
  rank,
  subquery,
  sum,
  truncDate,
  value,
  when,
  window,
} from "cortado/orm";
import type { Decimal, Temporal } from "cortado/validation";
import { Drink, Maker } from "../orm/drink-models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<_T extends true>(): void;

export async function expressions(): Promise<void> {
  const [row] = await Drink.objects.annotate((d) => ({
    sum: d.price.add(1),
    text: coalesce(d.note, ""),
    none: nullIf(d.name, ""),
    level: caseWhen([when(d.price.gt(1), "dear")], "cheap"),
    open: caseWhen([when({ price: 1 }, 1)]),
    whole: cast(d.cost, integer()),
    year: extract(d.moment, "year"),
    start: truncDate(d.moment),
    card: jsonObject({ name: d.name, price: d.price }),
    place: window(rank(), { orderBy: d.price }),
    before: window(lag(d.name)),
    makerName: subquery(Maker.objects.filter({ id: outerRef(d.makerId) }).values("name")),
    makerKey: subquery(Maker.objects.all()),
    flat: subquery(Maker.objects.valuesList("limit", { flat: true })),
    has: exists(Maker.objects.filter({ id: outerRef(d.makerId) })),
    dear: d.price.gt(1),
  }));
  type Row = typeof row & object;
  is<Equal<Row["sum"], number>>();
  is<Equal<Row["text"], string>>();
  is<Equal<Row["none"], string | null>>();
  is<Equal<Row["level"], string>>();
  is<Equal<Row["open"], number | null>>();
  is<Equal<Row["whole"], number>>();
  is<Equal<Row["year"], number>>();
  is<Equal<Row["start"], Temporal.PlainDate>>();
  is<Equal<Row["card"], { name: string; price: number }>>();
  is<Equal<Row["place"], number>>();
  is<Equal<Row["before"], string | null>>();
  is<Equal<Row["makerName"], string | null>>();
  is<Equal<Row["makerKey"], number | null>>();
  is<Equal<Row["flat"], number | null>>();
  is<Equal<Row["has"], boolean>>();
  const totals = await Drink.objects.aggregate((d) => ({
    n: count(),
    price: d.price.sum(),
    zero: d.price.sum({ default: 0 }),
    cost: sum(d.cost),
    mean: d.cost.avg({ filter: { isIce: true } }),
    spread: d.price.stdDev(),
    names: d.name.stringAgg(", "),
  }));
  is<Equal<typeof totals, { n: number; price: number | null; zero: number; cost: Decimal | null; mean: Decimal | null; spread: number | null; names: string | null }>>(); // oxfmt-ignore
  const [maker] = await Maker.objects.annotate((m) => ({
    all: m.drinks.isIce.boolAnd(),
    sum: m.drinks.cost.sum({ default: 0 }),
  }));
  is<Equal<(typeof maker & object)["all"], boolean | null>>();
  is<Equal<(typeof maker & object)["sum"], Decimal>>();
  void Drink.objects.filter({
    moment: { year: { gte: 2026 }, date: "2026-01-31" },
    name: { lower: { contains: "a" }, length: 3 },
  });
  void Drink.objects.filter({ data: { anything: { goes: { gte: 3 } } }, price: { gt: value(3) }, maker: outerRef(value(1)) });
  void Drink.objects.filter((d) => d.note.eq(d.name).and(d.price.lt(subquery(Drink.objects.values("price")))));
  // @ts-expect-error -- a part of a date is a number
  void Drink.objects.filter({ moment: { year: "2026" } });
  // @ts-expect-error -- a number has no letters
  void Drink.objects.filter({ price: { lower: "a" } });
  // @ts-expect-error -- no such part
  extract(value(new Date()), "century");
}
