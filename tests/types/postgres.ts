// PostgreSQL's fields, by type: values, what create() asks for, and lookups.
import { char, integer, manager, Model } from "cortado/orm";
import { array, arrayAgg, dateRange, hstore, integerRange, Range, type StringMap, tsvector } from "cortado/orm/postgres";
import type { Temporal } from "cortado/validation";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function is<_T extends true>(): void;

class Offer extends Model({
  name: char({ maxLength: 20 }),
  tags: array(char({ maxLength: 20, choices: ["hot", "cold"] })),
  gaps: array(integer({ null: true }), { default: () => [] }),
  board: array(array(integer()), { null: true }),
  ages: integerRange({ null: true }),
  stay: dateRange({ null: true }),
  labels: hstore({ default: () => ({}) }),
  words: tsvector({ null: true }),
}) {
  static objects = manager(this);
}

export async function postgres(): Promise<void> {
  const offer = await Offer.objects.create({ name: "a", tags: ["hot"] });
  is<Equal<typeof offer.tags, ("hot" | "cold")[]>>();
  is<Equal<typeof offer.gaps, (number | null)[]>>();
  is<Equal<typeof offer.board, number[][] | null>>();
  is<Equal<typeof offer.ages, Range<number> | null>>();
  is<Equal<typeof offer.stay, Range<Temporal.PlainDate> | null>>();
  is<Equal<typeof offer.labels, StringMap>>();

  await Offer.objects.filter({ tags: { contains: ["hot"], len: { gt: 1 }, 0: "cold", "0_2": ["hot"] } });
  await Offer.objects.filter({ ages: { contains: 5, overlap: new Range(1, 2), startsWith: { gte: 3 }, isEmpty: false } });
  await Offer.objects.filter({ labels: { colour: "red", hasKeys: ["a"], keys: { len: 1 } } });
  await Offer.objects.filter({
    name: { search: "x", trigramSimilar: "y", unaccent: { icontains: "z" } },
    words: { search: "x" },
  });
  await Offer.objects.filter({ board: null, ages: null, gaps: [1, null] });

  // @ts-expect-error -- tags are required
  await Offer.objects.create({ name: "a" });
  // @ts-expect-error -- no choice of the items
  await Offer.objects.filter({ tags: { contains: ["warm"] } });
  // @ts-expect-error -- a list holds no texts here
  await Offer.objects.filter({ gaps: ["a"] });
  // @ts-expect-error -- bounds are numbers
  await Offer.objects.filter({ ages: { contains: "a" } });
  // @ts-expect-error -- a range is empty or not
  await Offer.objects.filter({ ages: { isEmpty: 1 } });
  // @ts-expect-error -- a list has no such lookup
  await Offer.objects.filter({ tags: { startsWith: "h" } });
  // @ts-expect-error -- only texts are searched
  await Offer.objects.filter({ id: { search: "x" } });

  const found = await Offer.objects.aggregate((o) => ({ names: arrayAgg(o.name), all: arrayAgg(o.name, { default: [] }) }));
  is<Equal<typeof found.names, string[] | null>>();
  is<Equal<typeof found.all, string[]>>();
}
