import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  char,
  compositePrimaryKey,
  count,
  type Database,
  decimal,
  foreignKey,
  integer,
  manager,
  Model,
  oneToOne,
  prefetch,
  related,
} from "cortado/orm";
import { openModels, targets } from "./open-cafe.ts";

export class Tenant extends Model({
  name: char({ maxLength: 20 }),
  invoices: () => related(Invoice, "tenant"),
  first: () => related(First, "tenant"),
}) {
  static objects = manager(this);
}

export class Invoice extends Model({
  pk: compositePrimaryKey("tenant", "number"),
  tenant: () => foreignKey(Tenant, { onDelete: "cascade" }),
  number: integer(),
  total: decimal({ maxDigits: 8, decimalPlaces: 2, default: "0.00" as never }),
  note: char({ maxLength: 20, default: "" }),
}) {
  static objects = manager(this);
}

/** A one-to-one that is a part of the key. */
export class First extends Model({
  pk: compositePrimaryKey("tenant", "code"),
  tenant: () => oneToOne(Tenant, { onDelete: "cascade" }),
  code: char({ maxLength: 5 }),
}) {
  static objects = manager(this);
}

class Line extends Model({ invoice: () => foreignKey(Invoice, { onDelete: "cascade" }) }) {
  static objects = manager(this);
}

const notes = (rows: readonly Invoice[]) => rows.map((row) => row.note);

for (const { name, url, skip } of targets) {
  describe(`primary keys of several fields on ${name}`, { skip }, () => {
    let db: Database;
    let [one, two]: Tenant[] = [] as unknown as [Tenant, Tenant];
    before(async () => {
      db = await openModels(url!, { Tenant, Invoice, First });
      [one, two] = await Tenant.objects.bulkCreate([{ name: "one" }, { name: "two" }]);
      await Invoice.objects.bulkCreate([
        { tenant: one!, number: 1, note: "a" },
        { tenant: one!, number: 2, note: "b" },
        { tenant: two!, number: 1, note: "c" },
      ]);
    });
    after(() => db.close());

    test("a row is found, read, changed and refreshed by its tuple", async () => {
      const row = await Invoice.objects.get({ pk: [one!.id, 2] });
      row.pk satisfies [number, number];
      assert.deepEqual([row.pk, row.note, String(row)], [[one!.id, 2], "b", `Invoice ${one!.id},2`]);
      row.note = "B";
      await row.save();
      const same = await Invoice.objects.get({ pk: row.pk });
      assert.equal(same.note, "B");
      same.note = "?";
      await same.refresh();
      assert.equal(same.note, "B");
      assert.equal(await Invoice.objects.contains(row), true);
      await assert.rejects(Invoice.objects.get({ pk: [9, 9] }), (error) => error instanceof Invoice.DoesNotExist);
      row.note = "b";
      await row.save();
    });

    test("the key is compared, listed and ordered as a whole", async () => {
      const key = (tenant: Tenant, number: number): [number, number] => [tenant.id, number];
      assert.deepEqual(notes(await Invoice.objects.filter({ pk: { in: [key(one!, 1), key(two!, 1)] } }).orderBy("pk")), [
        "a",
        "c",
      ]);
      assert.deepEqual(notes(await Invoice.objects.exclude({ pk: key(one!, 1) }).orderBy("-pk")), ["c", "b"]);
      assert.deepEqual(notes(await Invoice.objects.filter({ pk: { gt: key(one!, 1) } }).orderBy("pk")), ["b", "c"]);
      assert.deepEqual(
        notes(await Invoice.objects.filter({ pk: { in: Invoice.objects.filter({ number: 1 }) } as never }).orderBy("pk")),
        ["a", "c"],
      );
      const rows = await Invoice.objects.filter({ number: 1 });
      assert.equal(await Invoice.objects.filter({ pk: { in: rows } as never }).count(), 2);
      const keys = [key(one!, 2), key(two!, 1)];
      const found = await Invoice.objects.inBulk(keys);
      assert.deepEqual([found.get(keys[0])?.note, found.get(keys[1])?.note], ["b", "c"]);
      assert.deepEqual((await Invoice.objects.first())?.pk, key(one!, 1));
      assert.deepEqual((await Invoice.objects.last())?.pk, key(two!, 1));
    });

    test("values give the key as a tuple, beside others, once, grouped and put together", async () => {
      const keys = [
        [one!.id, 1],
        [one!.id, 2],
        [two!.id, 1],
      ];
      const values = Invoice.objects.orderBy("pk");
      assert.deepEqual(await values.valuesList("pk", { flat: true }), keys);
      assert.deepEqual(
        await values.values("pk", "note"),
        keys.map((pk, i) => ({ pk, note: "abc"[i] })),
      );
      assert.deepEqual(await Invoice.objects.orderBy("-note").valuesList("pk", { flat: true }).distinct(), keys.toReversed());
      const grouped = await values.values("pk").annotate(() => ({ n: count() }));
      assert.deepEqual(
        grouped.map(({ pk, n }) => [...(pk as number[]), n]),
        keys.map((key) => [...key, 1]),
      );
      const [first, last] = [values.slice(0, 1), values.slice(2, 3)].map((rows) => rows.valuesList("pk", "number"));
      assert.deepEqual(await first!.union(last!), [
        [keys[0], 1],
        [keys[2], 1],
      ]);
      await assert.rejects(
        Invoice.objects.aggregate((i) => ({ n: count(i.pk as never) })),
        { code: "ORM_BAD_QUERY", message: /COUNT\(\) takes one value of each row, and Invoice\.pk has 2/ },
      );
    });

    test("what is no tuple of the key is refused", async () => {
      await assert.rejects(async () => Invoice.objects.filter({ pk: 3 as never }), {
        code: "ORM_BAD_VALUE",
        message: "Invoice.pk cannot hold 3. It takes a list of 2: [tenant, number].",
      });
      await assert.rejects(async () => Invoice.objects.filter({ pk: [1] as never }), { code: "ORM_BAD_VALUE" });
      await assert.rejects(async () => Invoice.objects.filter({ pk: { contains: 1 } as never }), { code: "ORM_UNKNOWN_LOOKUP" });
      await assert.rejects(async () => Invoice.objects.filter({ pk: {} as never }), { code: "ORM_BAD_LOOKUP_VALUE" });
      await assert.rejects(Invoice.objects.create({ tenant: one!, number: 1 }), { code: "ORM_INTEGRITY" });
      assert.throws(() => Line.meta.field("invoice").relation!.targetField, {
        code: "ORM_COMPOSITE_TARGET",
        message: "Line.invoice cannot refer to Invoice, whose primary key has several fields: tenant, number.",
        hint: "Refer to a unique field of it with toField, or give Invoice a key of one field and make the others unique together.",
      });
    });

    test("relations lead from and to such rows", async () => {
      assert.deepEqual(notes(await one!.invoices), ["a", "b"]);
      assert.deepEqual(
        (await Tenant.objects.filter({ invoices: { pk: [two!.id, 1] } })).map((tenant) => tenant.name),
        ["two"],
      );
      const tenants = await Tenant.objects
        .orderBy("id")
        .with({ late: prefetch("invoices", Invoice.objects.orderBy("-number").slice(0, 1)) });
      assert.deepEqual(
        tenants.map((tenant) => notes(tenant.late)),
        [["b"], ["c"]],
      );
      const [invoice] = await Invoice.objects.filter({ note: "c" }).with("tenant");
      assert.equal(invoice!.tenant.name, "two");
      await First.objects.create({ tenant: two!, code: "x" });
      const loaded = await Tenant.objects.orderBy("id").with("first");
      assert.deepEqual(
        loaded.map((tenant) => (tenant.first as First | null)?.code),
        [undefined, "x"],
      );
    });

    test("rows are counted, grouped, updated, iterated and deleted", async () => {
      const made = await Invoice.objects.create({ tenant: two!, number: 5, note: "x" });
      assert.equal(await Invoice.objects.count(), 4);
      assert.equal((await Invoice.objects.aggregate(() => ({ n: count() }))).n, 4);
      assert.equal(await Invoice.objects.distinct().count(), 4);
      const perTenant = await Tenant.objects.orderBy("id").annotate((t) => ({ n: t.invoices.count() }));
      assert.deepEqual(
        perTenant.map((tenant) => tenant.n),
        [2, 2],
      );
      assert.equal(await Invoice.objects.filter({ tenant: { name: "two" } }).update({ note: "two" }), 2);
      made.note = "bulk";
      const [other] = await Invoice.objects.filter({ pk: [one!.id, 1] });
      other!.note = "bulk";
      assert.equal(await Invoice.objects.bulkUpdate([made, other!], ["note"]), 2);
      assert.equal(await Invoice.objects.filter({ note: "bulk" }).count(), 2);
      const { rows, next } = await Invoice.objects.orderBy("tenantId").page({ size: 3 });
      assert.equal(rows.length, 3);
      const after = await Invoice.objects.orderBy("tenantId").page({ size: 3, after: next });
      assert.deepEqual([after.rows.map((row) => row.number), after.next], [[5], null]);
      assert.equal(
        await Invoice.objects
          .filter({ number: 1 })
          .union(Invoice.objects.filter({ number: 5 }))
          .count(),
        3,
      );
      assert.equal(await Invoice.objects.orderBy("-number").sliceEach("tenant", 0, 1).count(), 2);
      assert.deepEqual((await Invoice.objects.annotate((i) => ({ most: i.total.max() })).orderBy("pk")).length, 4);
      assert.equal(await Invoice.objects.orderBy("tenantId", "number").slice(0, 1).contains(rows[0]!), true);
      const seen: unknown[] = [];
      for await (const row of Invoice.objects.orderBy("pk").iterator({ batchSize: 2 })) seen.push(row.number);
      assert.deepEqual(seen, [1, 2, 1, 5]);
      assert.equal(await made.delete(), 1);
      assert.equal(await Invoice.objects.orderBy("pk").slice(0, 3).count(), 3);
      assert.equal(await Invoice.objects.filter({ tenant: { name: "one" } }).delete(), 2);
      assert.equal(await two!.delete(), 3);
      assert.equal(await Invoice.objects.count(), 0);
    });

    test("an address names such a row by its parts", () => {
      const { primaryKey } = Invoice.meta;
      assert.deepEqual(primaryKey.clean("3,17"), [3, 17]);
      assert.throws(() => primaryKey.clean("3"), { name: "ValidationError" });
      assert.throws(() => primaryKey.clean("3,x"), { name: "ValidationError" });
      assert.deepEqual(primaryKey.toJson([3, 17]), [3, 17]);
      assert.deepEqual(primaryKey.deconstruct(), { kind: "compositePrimaryKey", options: { fields: ["tenant", "number"] } });
    });
  });
}
