import assert from "node:assert/strict";
import { test } from "node:test";
import { charField, Form, formset, inlineFormset, integerField } from "cortado/forms";
import { ValidationError } from "cortado/validation";
import { Coffee, openCafe, Roaster, Tag } from "./cafe-models.ts";
import { managed, sent } from "./sent-forms.ts";

class Guest extends Form({ name: charField(), age: integerField({ required: false }) }) {}
const Guests = formset(Guest, { extra: 2, canDelete: true, minNum: 1, maxNum: 3, validateMin: true, validateMax: true });

test("a formset shows its initial forms, empty ones and how many they are", async () => {
  const guests = new Guests({ initial: [{ name: "Ada" }] });
  assert.deepEqual([guests.forms.length, guests.initialForms.length, guests.extraForms.length], [3, 1, 2]);
  const html = String(await guests.asP);
  assert.match(html, /<input type="hidden" name="form-TOTAL_FORMS" value="3" id="id_form-TOTAL_FORMS">/);
  assert.match(html, /<input type="text" name="form-0-name" value="Ada" id="id_form-0-name">/);
  assert.match(html, /<input type="checkbox" name="form-2-DELETE" id="id_form-2-DELETE">/);
  assert.match(String(await guests.emptyForm.asP), /name="form-__prefix__-name"/);
});

test("empty forms may stay empty, others are validated one by one", async () => {
  const guests = new Guests({ data: { ...managed("form", 3, 0), "form-0-name": "Ada", "form-1-age": "x" } });
  assert.equal(await guests.isValid(), false);
  assert.deepEqual(JSON.parse(JSON.stringify(guests.errors)), [
    {},
    { name: ["This field is required."], age: ["Enter a whole number."] },
    {},
  ]);
  const right = new Guests({ data: { ...managed("form", 3, 0), "form-0-name": "Ada" } });
  assert.equal(await right.isValid(), true);
  assert.deepEqual(
    right.cleanedData.map((guest) => guest.name),
    ["Ada"],
  );
});

test("a form that is ticked for deletion need not be valid", async () => {
  const data = { ...managed("form", 2, 1), "form-0-name": "", "form-0-DELETE": "on", "form-1-name": "Grace" };
  const guests = new Guests({ data, initial: [{ name: "Ada" }] });
  assert.equal(await guests.isValid(), true);
  assert.equal(guests.deletedForms.length, 1);
  assert.deepEqual(
    guests.cleanedData.map((guest) => guest.name),
    ["Grace"],
  );
});

test("the number of forms is checked, and a count that is too large is not believed", async () => {
  const none = new Guests({ data: managed("form", 1, 1), initial: [{}] });
  await none.isValid();
  const many = Object.fromEntries(Array.from({ length: 4 }, (_, at) => [`form-${at}-name`, "x"]));
  const tooMany = new Guests({ data: { ...managed("form", 4, 0), ...many } });
  assert.equal(await tooMany.isValid(), false);
  assert.deepEqual([...tooMany.nonFormErrors], ["Please submit at most 3 forms."]);
  assert.equal(new Guests({ data: managed("form", 999_999_999, 0) }).forms.length, 1003);
  const lost = new Guests({ data: { "form-0-name": "Ada" } });
  assert.equal(await lost.isValid(), false);
  assert.deepEqual(
    [...lost.nonFormErrors],
    [
      "ManagementForm data is missing or has been tampered with. Missing fields: form-TOTAL_FORMS, form-INITIAL_FORMS. " +
        "You may need to file a bug report if the issue persists.",
    ],
  );
});

test("the errors of a formset that nobody validated are refused", () => {
  assert.throws(() => new Guests({ data: managed("form", 1, 0) }).errors, { code: "FORMS_NOT_VALIDATED" });
});

const Coffees = inlineFormset(Roaster, Coffee, { fields: ["name", "code", "price"], extra: 1 });

test("rows are created, changed and deleted beside their parent", async (t) => {
  await openCafe(t);
  const roaster = await Roaster.objects.create({ name: "Fritz" });
  const [a, b] = [
    await Coffee.objects.create({ name: "A", code: "a", price: 1, roaster }),
    await Coffee.objects.create({ name: "B", code: "b", price: 2, roaster }),
  ];
  const shown = String(await (await Coffees.open(roaster)).asP);
  assert.match(shown, new RegExp(`<input type="hidden" name="coffee_set-0-id" value="${a.id}"`));
  const coffees = await Coffees.open(roaster, {
    data: {
      ...managed("coffee_set", 3, 2),
      ...sent(0, { id: a.id, name: "A2", code: "a", price: "5" }, "coffee_set"),
      ...sent(1, { id: b.id, DELETE: "on" }, "coffee_set"),
      ...sent(2, { name: "C", code: "c", price: "3" }, "coffee_set"),
    },
  });
  assert.equal(await coffees.isValid(), true, JSON.stringify(coffees.errors));
  const { created, changed, deleted } = await coffees.save();
  assert.deepEqual([created.map(String), changed.map(String), deleted.length], [["C"], ["A2"], 1]);
  const rows = await Coffee.objects.filter({ roaster: roaster.id }).orderBy("name");
  assert.deepEqual(
    rows.map((row) => [row.name, row.price]),
    [
      ["A2", 5],
      ["C", 3],
    ],
  );
});

test("another parent's row cannot be changed from here", async (t) => {
  await openCafe(t);
  const [mine, other] = [await Roaster.objects.create({ name: "Mine" }), await Roaster.objects.create({ name: "Other" })];
  await Coffee.objects.create({ name: "A", code: "a", roaster: mine });
  const theirs = await Coffee.objects.create({ name: "B", code: "b", price: 7, roaster: other });
  const data = {
    ...managed("coffee_set", 1, 1),
    ...sent(0, { id: theirs.id, name: "Stolen", code: "new", price: "0" }, "coffee_set"),
  };
  const coffees = await Coffees.open(mine, { data });
  assert.equal(await coffees.isValid(), false);
  assert.match(JSON.stringify(coffees.errors), /This row is not here any more/);
  await assert.rejects(coffees.save(), { code: "FORMS_SAVE_INVALID" });
  assert.equal((await Coffee.objects.get({ id: theirs.id })).name, "B");
});

test("models that do not refer to one another are refused", async (t) => {
  await openCafe(t);
  const roaster = await Roaster.objects.create({ name: "Fritz" });
  await assert.rejects(inlineFormset(Roaster, Tag, { fields: "all" }).open(roaster), {
    code: "FORMS_FOREIGN_KEY",
    message: "inlineFormset(Roaster, Tag): no foreign key leads from Tag to Roaster (none).",
    hint: "Give the models in this order: the parent, then the one that refers to it.",
  });
  await assert.rejects(inlineFormset(Roaster, Coffee, { fields: "all", fk: "tags" }).open(roaster), {
    code: "FORMS_FOREIGN_KEY",
    hint: 'Name it: { fk: "roaster" }.',
  });
});

test("clean() reads what the forms accepted", async () => {
  class Distinct extends formset(Guest) {
    override clean() {
      const names = this.cleanedData.map(({ name }) => name);
      if (new Set(names).size < names.length) throw new ValidationError("Twice the same.");
    }
  }
  const twice = new Distinct({ data: [{ name: "Ada" }, { name: "Ada" }] });
  assert.throws(() => twice.cleanedData, { code: "FORMS_NOT_VALIDATED" });
  assert.equal(await twice.isValid(), false);
  assert.deepEqual([...twice.nonFormErrors], ["Twice the same."]);
});

test("the refusals of a form that is deleted are not counted", async () => {
  const data = { ...managed("form", 2, 0), "form-0-name": "Ada", "form-1-age": "x", "form-1-DELETE": "on" };
  const guests = new Guests({ data });
  assert.equal(await guests.isValid(), true);
  assert.equal(guests.errors.length, 2);
  assert.equal(guests.totalErrorCount, 0);
});
