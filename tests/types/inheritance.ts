/** What `extend()` and `proxy()` give. `npx tsc` is the test: nothing here runs. */
import { char, extend, type Manager, manager, type Pending, proxy } from "cortado/orm";
import type { Bar, Hotel, Person, PizzaPlace, Ship } from "../orm/inheritance-models.ts";
import { Named, Pizzeria, Place, Restaurant, Review } from "../orm/inheritance-models.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => undefined;

export async function rows(restaurant: Restaurant, pizzeria: Pizzeria, place: Place) {
  is<Equal<Restaurant["id"], number>>();
  is<Equal<Restaurant["pk"], number>>();
  is<Equal<Restaurant["name"], string>>();
  is<Equal<Restaurant["ownerId"], number | null>>();
  is<Equal<Pizzeria["servesPizza"], boolean>>();
  is<Equal<Pizzeria["ovens"], number>>();
  restaurant.shout() satisfies string;
  pizzeria.initial satisfies string;
  (await pizzeria.reviews)[0]?.text satisfies string | undefined;
  is<Equal<Restaurant["cook"], Person | Pending<Person> | null>>();
  // A child is a row of its parent's too.
  const parent: Place = restaurant;
  void parent;
  const down = await place.restaurant;
  down?.servesPizza satisfies boolean | undefined;
  await Place.objects.filter({ restaurant: { servesPizza: true } });
  // @ts-expect-error -- a place has no such field
  void place.servesPizza;
}

export function several(hotel: Hotel, ship: Ship, { bar, pizza }: { bar: Bar; pizza: PizzaPlace }) {
  is<Equal<Hotel["name"], string>>();
  is<Equal<Hotel["stars"], number>>();
  hotel.rating() satisfies string;
  hotel.shout() satisfies string;
  is<Equal<Ship["name"], number>>();
  // @ts-expect-error -- the child does without the field
  void ship.owner;
  ship.shout() satisfies string;
  is<Equal<Bar["atId"], number>>();
  bar.beers satisfies number;
  pizza.slices() satisfies number;
  pizza.servesPizza satisfies boolean;
}

export async function queries(restaurant: Restaurant) {
  const [found] = await Restaurant.objects
    .filter({ town: "Seoul", servesPizza: true, owner: { name: "Kim" }, id: { gt: 3 } }, (r) =>
      r.name.startsWith("R").and(r.town.eq("x")),
    )
    .exclude({ reviews: { text: "bad" } })
    .orderBy("-name", "servesPizza", "owner.name");
  found?.shout();
  const [loaded] = await Pizzeria.objects.with("owner", "cook");
  loaded?.owner?.name satisfies string | undefined;
  takes(loaded!);
  await Restaurant.objects.create({ name: "Roma", town: "Busan", servesPizza: true });
  await Restaurant.objects.all().update((r) => ({ name: r.town, servesPizza: false }));
  const [value] = await Pizzeria.objects.values("name", "ovens", "cookId");
  is<Equal<typeof value, { name: string; ovens: number; cookId: number | null } | undefined>>();
  await Review.objects.create({ place: restaurant, text: "good" });
  await Review.objects.filter({ place: restaurant });
  // @ts-expect-error -- the name is required, as the base says
  await Restaurant.objects.create({ town: "Busan" });
  // @ts-expect-error -- no such field
  Restaurant.objects.filter({ ovens: 3 });
  // @ts-expect-error -- not a value of the inherited field
  Restaurant.objects.filter({ town: 3 });
}

function takes(_place: Place) {}

export class Kiosk extends extend(Place, { open: char({ maxLength: 3, default: "" }) }) {
  static objects: Manager<Kiosk> = manager(this);
  override shout() {
    return super.shout().toLowerCase();
  }
}

export class Seen extends proxy(Kiosk) {
  static objects = manager(this);
  seen() {
    return this.shout() + this.open;
  }
}

export class Coded extends extend(Named, { code: char({ maxLength: 3, primaryKey: true }) }) {
  static objects = manager(this);
}
export function keyed(coded: Coded) {
  is<Equal<Coded["pk"], string>>();
  coded.shout() satisfies string;
  // @ts-expect-error -- the key is `code`
  void coded.id;
}

// @ts-expect-error -- not a field
extend(Named, { x: 5 });
// @ts-expect-error -- not a model
extend(Date, {});
