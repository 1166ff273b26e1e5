/** What loaded relations, keys of several fields and generic references are to the compiler. Nothing here runs. */
import { type Pending, prefetch, prefetchRelated } from "cortado/orm";
import { Invoice } from "../orm/composite-keys.test.ts";
import { type Buyer, type Country, Farm, Lot, type Note } from "../orm/relations/relation-models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => undefined;
const takesFarm = (farm: Farm) => farm.name;

export async function loading() {
  const [farm] = await Farm.objects.with("country", "lots.farm");
  is<Equal<typeof farm & object, typeof farm & object>>();
  farm!.country?.code satisfies string | undefined;
  farm!.lots.rows[0]!.weight satisfies number;
  takesFarm(farm!);
  const [own] = await Farm.objects.with({
    lots: Lot.objects.filter({ weight: 3 }).with("farm").slice(0, 2),
    big: prefetch("lots", Lot.objects.values("name")),
  });
  own!.lots.rows[0]!.farm.name satisfies string;
  is<Equal<(typeof own & object)["big"], { name: string }[]>>();
  takesFarm(own!);
  const [later] = await prefetchRelated([own!], "buyers");
  later!.buyers.rows[0]!.name satisfies string;
  // @ts-expect-error -- not a relation
  Farm.objects.with({ name: Lot.objects.all() });
  // @ts-expect-error -- no such relation
  Farm.objects.with({ lotz: Lot.objects.all() });
  // @ts-expect-error -- not loaded
  void (await Farm.objects.first())!.lots.rows;
  // @ts-expect-error -- a lot is no buyer
  await own!.buyers.add(own!.lots.rows[0]!);
}

export async function keys(invoice: Invoice, farm: Farm) {
  is<Equal<Invoice["pk"], [number, number]>>();
  await Invoice.objects.get({ pk: [1, 2] });
  await Invoice.objects.filter({ pk: { in: [[1, 2], invoice.pk] } });
  is<Equal<Farm["countryId"], string | null>>();
  farm.country satisfies Country | Pending<Country> | null;
  // @ts-expect-error -- a tuple of two
  await Invoice.objects.get({ pk: [1] });
  // @ts-expect-error -- there is no id
  void invoice.id;
}

export async function generic(note: Note, buyer: Buyer) {
  note.subject = buyer;
  is<Equal<Note["subject"], Farm | Buyer | Pending<Farm | Buyer | null> | null>>();
  (await buyer.notes)[0]!.text satisfies string;
  // @ts-expect-error -- neither a farm nor a buyer
  note.subject = note;
}
