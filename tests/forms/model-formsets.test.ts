import assert from "node:assert/strict";
import { test } from "node:test";
import { charField, Form, formset, hiddenInput, inlineFormset, integerField, modelFormset } from "cortado/forms";
import { Engine } from "cortado/templates";
import { ValidationError } from "cortado/validation";
import { Coffee, openCafe, Roaster } from "./cafe-models.ts";
import { managed, sent } from "./sent-forms.ts";

class Coffees extends modelFormset(Coffee, { fields: ["name", "code", "price"], canDelete: true, extra: 1 }) {}

test("the rows of a query are changed, added and deleted in one page", async (t) => {
  await openCafe(t);
  const [a, b] = [await Coffee.objects.create({ name: "A", code: "a" }), await Coffee.objects.create({ name: "B", code: "b" })];
  const shown = await Coffees.open();
  assert.deepEqual([shown.initialFormCount, shown.totalFormCount], [2, 3]);
  assert.match(String(await shown.asP), new RegExp(`<input type="hidden" name="form-1-id" value="${b.id}" id="id_form-1-id">`));
  const data = {
    ...managed("form", 3, 2),
    ...sent(0, { id: a.id, name: "A2", code: "a", price: "7" }),
    ...sent(1, { id: b.id, DELETE: "on" }),
    ...sent(2, { name: "C", code: "c", price: "1" }),
  };
  const answered = await Coffees.open({ data });
  assert.equal(await answered.isValid(), true, JSON.stringify(answered.errors));
  const { created, changed, deleted } = await answered.save();
  assert.deepEqual([created, changed, deleted].map(String), ["C", "A2", "B"]);
  const names = await Coffee.objects.orderBy("name").valuesList("name", { flat: true });
  assert.deepEqual(names, ["A2", "C"]);
});

test("only rows of the query can be changed, and each by its own key", async (t) => {
  await openCafe(t);
  const [mine, other] = [
    await Coffee.objects.create({ name: "Mine", code: "a", isIce: true, price: 500 }),
    await Coffee.objects.create({ name: "Other", code: "b" }),
  ];
  const queryset = Coffee.objects.filter({ isIce: true });
  const data = {
    ...managed("form", 1, 1),
    ...sent(0, { id: other.id, name: "Stolen", code: "z", price: "1" }),
  };
  const forms = await Coffees.open({ queryset, data });
  assert.equal(await forms.isValid(), false);
  assert.match(JSON.stringify(forms.errors), /This row is not here any more\./);
  const swapped = await Coffees.open({ queryset: Coffee.objects.orderBy("-name"), data: { ...data, "form-0-id": mine.id } });
  assert.equal(await swapped.isValid(), true);
  await swapped.save();
  assert.deepEqual((await Coffee.objects.orderBy("id")).map(String), ["Stolen", "Other"]);
});

test("two forms with the same unique value are both told", async (t) => {
  await openCafe(t);
  const data = {
    ...managed("form", 2, 0),
    ...sent(0, { name: "A", code: "same", price: "1" }),
    ...sent(1, { name: "B", code: "same", price: "1" }),
  };
  const forms = await Coffees.open({ data });
  assert.equal(await forms.isValid(), false);
  assert.deepEqual([...forms.nonFormErrors], ["Please correct the duplicate data for code."]);
  assert.deepEqual(JSON.parse(JSON.stringify(forms.errors)), [{}, { __all__: ["Please correct the duplicate values below."] }]);
  assert.equal(forms.totalErrorCount, 2);
});

test("a formset that only edits adds nothing, and saves later where it is asked to", async (t) => {
  await openCafe(t);
  const a = await Coffee.objects.create({ name: "A", code: "a" });
  class Edited extends modelFormset(Coffee, { fields: ["name"], editOnly: true, extra: 2 }) {}
  assert.equal((await Edited.open()).totalFormCount, 1);
  const data = { ...managed("form", 2, 1), "form-0-id": a.id, "form-0-name": "A2", "form-1-name": "New" };
  const forms = await Edited.open({ data });
  assert.equal(await forms.isValid(), true);
  const { created, changed } = await forms.save({ commit: false });
  assert.deepEqual([created.length, changed.length], [0, 1]);
  assert.equal((await Coffee.objects.get({ id: a.id })).name, "A");
  await changed[0]!.save();
  await forms.saveManyToMany();
  assert.equal((await Coffee.objects.get({ id: a.id })).name, "A2");
});

test("initial values of a formset of rows belong to the forms after the rows", async (t) => {
  await openCafe(t);
  await Coffee.objects.create({ name: "A", code: "a" });
  class Extra extends modelFormset(Coffee, { fields: ["name"], extra: 2 }) {}
  const forms = await Extra.open({ initial: [{ name: "Latte" }] });
  assert.equal(forms.totalFormCount, 3);
  const html = String(await forms.asP);
  assert.match(html, /name="form-0-name" value="A"/);
  assert.match(html, /name="form-1-name" value="Latte"/);
});

test("rows come from JSON as a list, with keys where they are there already", async (t) => {
  await openCafe(t);
  const a = await Coffee.objects.create({ name: "A", code: "a", price: 5 });
  const data = [
    { name: "New", code: "n", price: 3 },
    { id: a.id, name: "A2", code: "a", price: 5 },
  ];
  const forms = await Coffees.open({ data });
  assert.equal(await forms.isValid(), true, JSON.stringify(forms.errors));
  const { created, changed } = await forms.save();
  assert.deepEqual([created, changed].map(String), ["New", "A2"]);
  const empty = await Coffees.open({ data: [{}] });
  assert.equal(await empty.isValid(), false, "an object in a list is meant, even an empty one");
});

test("a parent may be saved after its rows were validated", async (t) => {
  await openCafe(t);
  class Beans extends inlineFormset(Roaster, Coffee, { fields: ["name", "code", "price"] }) {}
  const roaster = new Roaster({ name: "Fritz" });
  const data = { ...managed("coffee_set", 1, 0), "coffee_set-0-name": "A", "coffee_set-0-code": "a", "coffee_set-0-price": "1" };
  const beans = await Beans.open(roaster, { data });
  assert.equal(await beans.isValid(), true);
  await roaster.save();
  await beans.save();
  assert.deepEqual((await Coffee.objects.filter({ roaster })).map(String), ["A"]);
});

class Guest extends Form({ name: charField(), age: integerField({ required: false }) }) {}

test("a formset checks what concerns several forms and adds fields of its own", async () => {
  class Guests extends formset(Guest, { extra: 2 }) {
    protected override addFields(form: Guest, at: number | null): void {
      form.fields.set("seat", integerField({ initial: at ?? 0, required: false }));
    }
    override clean(): void {
      const names = this.cleanedNames();
      if (new Set(names).size < names.length) throw new ValidationError("Twice the same guest.", { code: "twice" });
    }
    cleanedNames(): unknown[] {
      return this.filledForms.map((form) => form.cleanedData.name);
    }
  }
  assert.match(String(await new Guests().asP), /name="form-1-seat" value="1"/);
  const data = { ...managed("form", 2, 0), "form-0-name": "Ada", "form-1-name": "Ada" };
  const guests = new Guests({ data });
  assert.equal(await guests.isValid(), false);
  assert.deepEqual([[...guests.nonFormErrors], guests.nonFormErrors.codes], [["Twice the same guest."], ["twice"]]);
  assert.match(String(guests.nonFormErrors.toHtml()), /class="errorlist nonform"/);
});

test("forms are put in the order that was asked for, those without a place last", async () => {
  const Ordered = formset(Guest, { canOrder: true, canDelete: true });
  const shown = String(await new Ordered({ initial: [{ name: "Ada" }, { name: "Bob" }] }).asP);
  assert.match(shown, /name="form-1-ORDER" value="2"/);
  const data = {
    ...managed("form", 4, 3),
    ...sent(0, { name: "Ada", ORDER: "3" }),
    ...sent(1, { name: "Bob", ORDER: "1" }),
    ...sent(2, { name: "Gone", DELETE: "on" }),
    ...sent(3, { name: "Eve", ORDER: "" }),
  };
  const forms = new Ordered({ data });
  assert.equal(await forms.isValid(), true);
  assert.deepEqual(
    forms.orderedForms.map((form) => form.cleanedData.name),
    ["Bob", "Ada", "Eve"],
  );
});

test("the box that deletes can be kept from forms beyond the initial ones", async () => {
  const Guests = formset(Guest, { canDelete: true, canDeleteExtra: false });
  const html = String(await new Guests({ initial: [{ name: "Ada" }] }).asP);
  assert.match(html, /form-0-DELETE/);
  assert.doesNotMatch(html, /form-1-DELETE/);
});

test("limits are refused only where they are to be, in words of one's own where they are given", async () => {
  const data = { ...managed("form", 2, 0), "form-0-name": "Ada", "form-1-name": "Bob" };
  assert.equal(await new (formset(Guest, { maxNum: 1 }))({ data }).isValid(), true);
  const errorMessages = { too_many_forms: "No more than %(num)d, please." };
  const strict = new (formset(Guest, { maxNum: 1, validateMax: true }))({ data, errorMessages });
  assert.equal(await strict.isValid(), false);
  assert.deepEqual([[...strict.nonFormErrors], strict.nonFormErrors.codes], [["No more than 1, please."], ["too_many_forms"]]);
  const few = new (formset(Guest, { minNum: 3, validateMin: true }))({ data });
  await few.isValid();
  assert.deepEqual([...few.nonFormErrors], ["Please submit at least 3 forms."]);
});

test("further options reach every form", async () => {
  class Tuned extends Form({ name: charField() }) {}
  const Forms = formset(Tuned, { extra: 1 });
  const forms = new Forms({ formOptions: (at) => ({ labelSuffix: at === null ? "…" : ` ${at}:` }) });
  assert.match(String(await forms.asP), /Name 0:/);
  assert.match(String(await forms.emptyForm.asP), /Name…/);
});

test("a formset is drawn by a template of one's own, with widgets of one's own for deleting and ordering", async () => {
  const templates = {
    "row.html": "{{ formset.management_form }}{% for form in formset %}[{{ form.name }}{{ form.DELETE }}]{% endfor %}",
  };
  const renderer = new Engine({ templates });
  const options = { canDelete: true, canOrder: true, deletionWidget: hiddenInput, orderingWidget: hiddenInput };
  const guests = new (formset(Guest, options))({ renderer, templateName: "row.html" });
  assert.match(
    String(await guests.render()),
    /\[<input type="text" name="form-0-name".*<input type="hidden" name="form-0-DELETE".*\]$/,
  );
});

test("a formset reads a request that is a list in JSON", async () => {
  const request = {
    method: "POST",
    headers: { "content-type": "application/json" },
    form: () => Promise.reject(new Error("is no form")),
    json: () => Promise.resolve([{ name: "Ada" }, { name: "Grace", age: 1 }]),
  };
  const guests = await formset(Guest).from(request);
  assert.equal(await guests.isValid(), true);
  assert.deepEqual(
    guests.cleanedData.map(({ name, age }) => [name, age]),
    [
      ["Ada", null],
      ["Grace", 1],
    ],
  );
});
