import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  boolean,
  char,
  check,
  compositePrimaryKey,
  type Database,
  date,
  dateTime,
  exclusion,
  foreignKey,
  generated,
  integer,
  lower,
  manager,
  Model,
  slug,
  text,
  unique,
} from "cortado/orm";
import { Engine } from "cortado/templates";
import { Temporal, ValidationError } from "cortado/validation";
import { openModels, targets } from "./open-cafe.ts";

class Coffee extends Model(
  {
    name: char({ maxLength: 20 }),
    code: char({ maxLength: 10, null: true, blank: true }),
    price: integer({ default: 0 }),
    sale: integer({ null: true, blank: true }),
    active: boolean({ default: true }),
    country: char({ maxLength: 2, choices: { KR: "Korea", ET: "Ethiopia" }, default: "KR", errorMessages: { invalid_choice: "Not from there." } }), // oxfmt-ignore
    added: dateTime({ default: () => new Date("2026-01-31T12:00:00Z") }),
    title: slug({ default: "x", uniqueForDate: "added" }),
    edition: slug({ default: "x", uniqueForMonth: "harvest" }),
    lot: slug({ default: "x", uniqueForYear: "harvest" }),
    harvest: date({ null: true, blank: true }),
    double: generated({ expression: (c) => c.price.mul(2), output: integer({ null: true }) }),
    note: text({ blank: true, validators: [short], errorMessages: { long: "Shorter, please." } }),
  },
  {
    constraints: [
      check("price_positive", { price: { gte: 0 } }, { violationErrorMessage: "A price is not negative.", violationErrorCode: "negative" }), // oxfmt-ignore
      check("sale_below_price", (row) => row.sale.lt(row.price)),
      check("code_upper", "code = UPPER(code)"),
      unique((row) => lower(row.name), { name: "name_any_case", violationErrorMessage: "“%(name)s”: the name is taken." }),
      unique(["code"], { name: "code_of_active", condition: { active: true }, violationErrorCode: "code_taken" }),
      unique(["price", "country"]),
      unique(["lot", "sale"], { name: "lot_sale", nullsDistinct: false }),
    ],
  },
) {
  static objects = manager(this);
  async clean() {
    if (this.name === "Tea") throw new ValidationError({ name: "Tea is no coffee." });
    if (this.name === "Water") throw new ValidationError("Water is free.", { code: "free" });
  }
}

class Invoice extends Model({ pk: compositePrimaryKey("tenant", "number"), tenant: integer(), number: integer() }) {
  static objects = manager(this);
}

class Line extends Model({
  coffee: () => foreignKey(Coffee, { onDelete: "cascade", limitChoicesTo: { active: true } }),
  other: () => foreignKey(Coffee, { onDelete: "cascade", null: true, blank: true, relatedName: "+" }),
}) {
  static objects = manager(this);
}

class Booking extends Model(
  { room: integer(), day: integer() },
  {
    constraints: [exclusion("one_booking", { expressions: [["room", "="], ["day", "="]], using: "btree", violationErrorMessage: "Booked." })], // oxfmt-ignore
  },
) {
  static objects = manager(this);
}

function short(value: unknown): void {
  if (String(value).length > 5) throw new ValidationError("Too long.", { code: "long" });
}

let next = 0;
/** Values that break no rule, whatever rows there are. */
const fine = (values: object = {}) => {
  next++;
  const id = `n${next}`;
  return { name: id, code: id.toUpperCase(), price: next * 10, title: id, edition: id, lot: id, sale: next, ...values };
};
const refusals = async (row: { fullClean(options?: object): Promise<void> }, options?: object) => {
  try {
    await row.fullClean(options);
    return {};
  } catch (error) {
    assert.ok(error instanceof ValidationError, String(error));
    return Object.fromEntries(Object.entries(error.byField!).map(([name, one]) => [name, [one.codes[0], one.messages[0]]]));
  }
};

for (const { name: target, url, skip } of targets) {
  describe(`fullClean on ${target}`, { skip }, () => {
    let db: Database;
    before(async () => {
      db = await openModels(
        url!,
        db === undefined && url!.startsWith("postgres") ? { Coffee, Invoice, Line, Booking } : { Coffee, Invoice, Line },
      );
      await Coffee.objects.create(fine({ name: "Latte", code: "LT", price: 4500, sale: 4000, lot: "l1" }));
    });
    after(() => db?.close());

    test("a row that breaks no rule passes", async () => {
      assert.deepEqual(await refusals(new Coffee(fine())), {});
      const stored = await Coffee.objects.get({ name: "Latte" });
      assert.deepEqual(await refusals(stored), {});
    });

    test("fields, the model's own clean, unique values and constraints are refused together", async () => {
      const row = new Coffee(fine({ name: "", country: "XX" as never, price: -1, note: "far too long" }));
      assert.deepEqual(await refusals(row), {
        name: ["blank", "This field cannot be blank."],
        country: ["invalid_choice", "Not from there."],
        note: ["long", "Shorter, please."],
        __all__: ["negative", "A price is not negative."],
      });
    });

    test("clean() speaks of a field or of the whole row", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ name: "Tea" }))), { name: ["invalid", "Tea is no coffee."] });
      assert.deepEqual(await refusals(new Coffee(fine({ name: "Water" }))), { __all__: ["free", "Water is free."] });
    });

    test("a check is asked of the database, with the row's values", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ price: 5, sale: 5 }))), {
        __all__: ["invalid", "Constraint “sale_below_price” is violated."],
      });
      assert.deepEqual(await refusals(new Coffee(fine({ price: 5, sale: null }))), {});
      assert.deepEqual(await refusals(new Coffee(fine({ code: "lower" }))), {
        __all__: ["invalid", "Constraint “code_upper” is violated."],
      });
    });

    test("a check of what is left out is not asked", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ price: -1 })), { exclude: ["price"] }), {});
      assert.deepEqual(await refusals(new Coffee(fine({ code: "lower" })), { exclude: ["code"] }), {});
    });

    test("an expression that must be unique is compared with the other rows", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ name: "LATTE" }))), {
        __all__: ["invalid", "“name_any_case”: the name is taken."],
      });
    });

    test("a condition limits what must be unique", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ code: "LT" }))), {
        __all__: ["code_taken", "Constraint “code_of_active” is violated."],
      });
      assert.deepEqual(await refusals(new Coffee(fine({ code: "LT", active: false }))), {});
      assert.deepEqual(await refusals(new Coffee(fine({ code: null }))), {});
    });

    test("several fields that are unique together are named", async () => {
      assert.deepEqual(await refusals(new Coffee(fine({ price: 4500 }))), {
        __all__: ["unique_together", "Coffee with this Price and Country already exists."],
      });
    });

    test("two rows without a value collide where nulls are not distinct", async () => {
      const first = await Coffee.objects.create(fine({ lot: "same", sale: null }));
      assert.deepEqual(await refusals(new Coffee(fine({ lot: "same", sale: null, harvest: null }))), {
        __all__: ["invalid", "Constraint “lot_sale” is violated."],
      });
      await first.delete();
    });

    test("a value is unique for a day, a month or a year", async () => {
      const day = Temporal.PlainDate.from("2025-03-01");
      const first = await Coffee.objects.create(fine({ title: "t", edition: "e", lot: "y", harvest: day }));
      assert.deepEqual(await refusals(new Coffee(fine({ title: "t" }))), {
        title: ["unique_for_date", "Title must be unique for Added date."],
      });
      assert.deepEqual(await refusals(new Coffee(fine({ title: "t", added: new Date("2026-02-01T00:00:00Z") }))), {});
      assert.deepEqual(await refusals(new Coffee(fine({ edition: "e", harvest: day.with({ year: 2020, day: 9 }) }))), {
        edition: ["unique_for_date", "Edition must be unique for Harvest month."],
      });
      assert.deepEqual(await refusals(new Coffee(fine({ lot: "y", harvest: day.with({ month: 9 }) }))), {
        lot: ["unique_for_date", "Lot must be unique for Harvest year."],
      });
      assert.deepEqual(await refusals(first), {});
      await first.delete();
    });

    test("a key of several fields is refused where another row has it", async () => {
      const stored = await Invoice.objects.create({ tenant: 1, number: 2 });
      assert.deepEqual(await refusals(new Invoice({ tenant: 1, number: 2 })), {
        __all__: ["unique_together", "Invoice with this Tenant and Number already exists."],
      });
      assert.deepEqual(await refusals(new Invoice({ tenant: 1, number: 3 })), {});
      assert.deepEqual(await refusals(stored), {});
    });

    test("a reference leads to a row that is there, and that may be chosen", async () => {
      const latte = await Coffee.objects.get({ name: "Latte" });
      const old = await Coffee.objects.create(fine({ active: false }));
      assert.deepEqual(await refusals(new Line({ coffee: latte, otherId: old.id })), {});
      assert.deepEqual(await refusals(new Line({ coffeeId: old.id, otherId: 999 })), {
        coffee: ["invalid", `coffee instance with id ${old.id} is not a valid choice.`],
        other: ["invalid", "coffee instance with id 999 is not a valid choice."],
      });
      assert.deepEqual(await refusals(new Line({ coffee: old })), {
        coffee: ["invalid", `coffee instance with id ${old.id} is not a valid choice.`],
      });
      await old.delete();
    });

    test("each step can be asked alone", async () => {
      const row = new Coffee(fine({ name: "", price: -1 }));
      await assert.rejects(row.cleanFields(), (error: ValidationError) => Object.keys(error.byField!).join() === "name");
      await assert.rejects(row.validateConstraints(), (error: ValidationError) => error.codes.includes("negative"));
      await row.validateUnique();
      await row.cleanFields({ exclude: ["name"] });
    });

    test("rows that exclude one another are refused", { skip: url?.startsWith("sqlite") }, async () => {
      await Booking.objects.create({ room: 1, day: 2 });
      assert.deepEqual(await refusals(new Booking({ room: 1, day: 2 })), { __all__: ["invalid", "Booked."] });
      assert.deepEqual(await refusals(new Booking({ room: 1, day: 3 })), {});
    });

    test("a row shows the label of a choice, in code and in a template's words", async () => {
      const latte = await Coffee.objects.get({ name: "Latte" });
      assert.equal(latte.getDisplay("country"), "Korea");
      assert.equal((latte as any).getCountryDisplay(), "Korea");
      const engine = new Engine({ templates: { "c.html": "{{ c.get_country_display }}" } });
      assert.equal(await engine.render("c.html", { c: latte }), "Korea");
      assert.equal(new Coffee({ country: "??" as never }).getDisplay("country"), "??");
    });

    test("a row knows its neighbours by date", async () => {
      await Coffee.objects.all().delete();
      const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
      const rows = [];
      for (const hour of [1, 2, 2, 3]) rows.push(await Coffee.objects.create(fine({ added: at(hour), active: hour !== 2 })));
      const [first, second, third, last] = rows as [Coffee, Coffee, Coffee, Coffee];
      assert.equal((await first.getNextBy("added")).pk, second.pk);
      assert.equal((await second.getNextBy("added")).pk, third.pk);
      assert.equal((await third.getPreviousBy("added")).pk, second.pk);
      assert.equal((await first.getNextBy("added", { active: true })).pk, last.pk);
      assert.equal((await (last as any).getPreviousByAdded()).pk, third.pk);
      await assert.rejects(last.getNextBy("added"), Coffee.DoesNotExist);
      await assert.rejects(new Coffee(fine()).getNextBy("added"), { code: "ORM_NOT_SAVED" });
      await assert.rejects(first.getNextBy("name"), { code: "ORM_BAD_QUERY", message: /char field/ });
    });
  });
}
