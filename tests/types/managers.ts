/** What managers and query classes of one's own give. `npx tsc` is the test: nothing here runs. */
import { count, Manager, manager, managerFrom, QuerySet } from "cortado/orm";
import { Model, boolean, char, foreignKey, integer, related } from "cortado/orm";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_T extends true>() => undefined;

class TeaQuery extends QuerySet<Tea> {
  cheap() {
    return this.filter({ price: { lt: 3000 } });
  }
  green() {
    return this.cheap().exclude((t) => t.isBlack.eq(true));
  }
  counted() {
    return this.annotate(() => ({ n: count() }));
  }
}

class FreshManager extends Manager<Tea> {
  override query() {
    return super.query().filter({ isBlack: false });
  }
  override create(values: { name: string; price?: number }) {
    return super.create({ price: 1, ...values });
  }
  dear() {
    return this.filter({ price: { gte: 9000 } });
  }
}

class QueryManager extends managerFrom(TeaQuery) {
  override query() {
    return super.query().filter({ isBlack: false });
  }
  named(name: string) {
    return this.cheap().filter({ name });
  }
}

export class Garden extends Model({ name: char({ maxLength: 20 }), teas: () => related(Tea, "garden") }) {
  static objects = manager(this);
}

export class Tea extends Model({
  name: char({ maxLength: 20 }),
  price: integer({ default: 0 }),
  isBlack: boolean({ default: false }),
  garden: () => foreignKey(Garden, { onDelete: "cascade", null: true }),
}) {
  static objects = manager(this, TeaQuery);
  static fresh = new FreshManager(this);
  static both = new QueryManager(this);
  taste() {
    return this.name;
  }
}

export async function managers() {
  is<Equal<ReturnType<typeof Tea.objects.filter>, TeaQuery>>();
  const [tea] = await Tea.objects.exclude({ price: 0 }).cheap().orderBy("-price").green().reverse();
  is<Equal<typeof tea, Tea | undefined>>();
  tea?.taste();
  (await Tea.objects.cheap().first())?.taste();
  const [counted] = await Tea.objects.annotate((t) => ({ twice: t.price.mul(2) })).cheap();
  counted?.taste();
  is<Equal<(typeof counted & object)["twice"], number>>();
  const [green] = await Tea.objects.with("garden").cheap().values("name", "garden.name").green();
  is<Equal<(typeof green & object)["name"], string>>();
  // @ts-expect-error -- not among the values
  void green?.price;
  const [annotated] = await Tea.objects
    .cheap()
    .annotate((t) => ({ twice: t.price.mul(2) }))
    .filter({ twice: { gt: 3 } });
  annotated?.twice satisfies number | undefined;
  const [loaded] = await Tea.objects.cheap().with("garden");
  loaded?.garden?.name satisfies string | undefined;
  Tea.objects.with("garden").cheap();
  Tea.objects.counted().filter({ price: 3 });
  (await Tea.fresh.dear().first())?.taste();
  is<Equal<ReturnType<typeof Tea.fresh.filter>, QuerySet<Tea>>>();
  (await Tea.both.named("Assam").green())[0]?.taste();
  const created = await Tea.fresh.create({ name: "Assam" });
  created.taste();
  const garden = await Garden.objects.get({ id: 1 });
  (await garden.teas.cheap().green())[0]?.taste();
  (await garden.teas)[0]?.taste();
  // @ts-expect-error -- no such method
  garden.teas.dear();
  // @ts-expect-error -- no such field
  Tea.objects.filter({ prise: 3 });
  // @ts-expect-error -- no such method
  Tea.objects.filter({ price: 3 }).dear();
  // @ts-expect-error -- no such field in a query of one's own
  Tea.objects.cheap().filter({ prise: 3 });
  // @ts-expect-error -- the queries are another model's
  manager(Garden, TeaQuery);
}
