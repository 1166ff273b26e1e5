import assert from "node:assert/strict";
import { test } from "node:test";
import {
  charField,
  type FormOptions,
  ModelForm,
  modelChoiceField,
  modelFormClass,
  radioSelect,
  slugField,
  textarea,
} from "cortado/forms";
import { useI18n } from "cortado/i18n";
import { buildModel, Field } from "cortado/orm";
import { ValidationError } from "cortado/validation";
import { Coffee, openCafe, Roaster, Tag } from "./cafe-models.ts";

class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "code", "price", "isIce", "size", "roaster", "tags"] }) {
  cleanPrice(price: number) {
    if (price < 0) throw new ValidationError("A price is not negative.");
    return price;
  }
}

const latte = { name: "Latte", code: "latte", price: "4500", is_ice: "on", size: "l" };
const errorsOf = (form: { errors: object }) => JSON.parse(JSON.stringify(form.errors)) as Record<string, string[]>;

test("a model form saves a row with exact values", async (t) => {
  await openCafe(t);
  const form = new CoffeeForm({ data: latte });
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  const price: number = form.cleanedData.price;
  assert.equal(price, 4500);
  const saved = await form.save();
  const row = await Coffee.objects.get({ id: saved.id });
  assert.deepEqual([row.name, row.price, row.isIce, row.size, row.roasterId], ["Latte", 4500, true, "l", null]);
});

test("labels, help, limits, choices and defaults come from the model", async (t) => {
  await openCafe(t);
  const html = String(await new CoffeeForm().asP);
  for (const part of [
    '<label for="id_name">Name:</label> <input type="text" name="name" maxlength="30" required aria-describedby="id_name_helptext" id="id_name"> <span class="helptext" id="id_name_helptext">As on the menu.</span>',
    '<label for="id_price">Price in won:</label> <input type="number" name="price" value="0" required id="id_price">',
    '<input type="checkbox" name="isIce" id="id_isIce">',
    '<option value="s" selected>Small</option>',
    '<select name="roaster" id="id_roaster">\n  <option value="" selected>---------</option>\n</select>',
    '<select name="tags" id="id_tags" multiple>',
  ])
    assert.ok(html.includes(part), `${part}\n\n${html}`);
});

test("a row is changed, and what the form does not show stays", async (t) => {
  await openCafe(t);
  const row = await Coffee.objects.create({ name: "Latte", code: "latte", note: "Kept." });
  const form = new CoffeeForm({ data: { ...latte, name: "Flat white" }, instance: row });
  assert.equal(form.name.initial, "Latte");
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  assert.deepEqual(form.changedData, ["name", "price", "isIce", "size"]);
  await form.save();
  const again = await Coffee.objects.get({ id: row.id });
  assert.deepEqual([again.name, again.note, await Coffee.objects.count()], ["Flat white", "Kept.", 1]);
});

test("relations are chosen among the rows, saved, and shown as chosen", async (t) => {
  await openCafe(t);
  const roaster = await Roaster.objects.create({ name: "<b>Fritz</b>" });
  const [hot, cold] = [await Tag.objects.create({ word: "hot" }), await Tag.objects.create({ word: "cold" })];
  const form = new CoffeeForm({ data: { ...latte, roaster: String(roaster.id), tags: [String(hot.id), String(cold.id)] } });
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  const saved = await form.save();
  assert.equal(saved.roasterId, roaster.id);
  assert.deepEqual((await saved.tags).map(String).sort(), ["cold", "hot"]);

  const shown = String(await new CoffeeForm({ instance: saved }).asP);
  assert.ok(shown.includes(`<option value="${roaster.id}" selected>&lt;b&gt;Fritz&lt;/b&gt;</option>`), shown);
  assert.ok(shown.includes(`<option value="${hot.id}" selected>hot</option>`), shown);

  const fewer = new CoffeeForm({ data: { ...latte, tags: [String(cold.id)] }, instance: saved });
  assert.equal(await fewer.isValid(), true, JSON.stringify(fewer.errors));
  assert.deepEqual(fewer.changedData, ["roaster", "tags"]);
  await fewer.save();
  assert.deepEqual((await (await Coffee.objects.get({ id: saved.id })).tags).map(String), ["cold"]);
});

test("a row that is not on offer is refused", async (t) => {
  await openCafe(t);
  const form = new CoffeeForm({ data: { ...latte, roaster: "99", tags: ["x"] } });
  await form.isValid();
  assert.deepEqual(errorsOf(form), {
    roaster: ["Select a valid choice. That choice is not one of the available choices."],
    tags: ["“x” is not a valid value."],
  });
  const hostile = new CoffeeForm({ data: { ...latte, roaster: "1 OR 1=1", tags: ["1); DROP TABLE shop_tag"] } });
  assert.equal(await hostile.isValid(), false);
});

test("the model's unique values are checked, and a row may keep its own", async (t) => {
  await openCafe(t);
  const row = await Coffee.objects.create({ name: "Latte", code: "latte" });
  const second = new CoffeeForm({ data: latte });
  assert.equal(await second.isValid(), false);
  assert.match(errorsOf(second)["code"]![0]!, /^Coffee with this code already exists\.$/i);
  assert.equal(await new CoffeeForm({ data: latte, instance: row }).isValid(), true);
});

test("a rule of the model's table is told in its own words", async (t) => {
  await openCafe(t);
  const form = new CoffeeForm({ data: { ...latte, price: "50" } });
  assert.equal(await form.isValid(), false);
  assert.deepEqual(errorsOf(form), { __all__: ["Ice is dear."] });
});

test("the form's own refusals and the model's are told together", async (t) => {
  await openCafe(t);
  await Coffee.objects.create({ name: "Latte", code: "latte" });
  const form = new CoffeeForm({ data: { ...latte, price: "-1", name: "" } });
  await form.isValid();
  const { name, price, code } = errorsOf(form);
  assert.deepEqual([name, price, code?.length], [["This field is required."], ["A price is not negative."], 1]);
});

test("a form that saves later leaves the writing to the caller", async (t) => {
  await openCafe(t);
  const tag = await Tag.objects.create({ word: "hot" });
  const form = new CoffeeForm({ data: { ...latte, tags: [String(tag.id)] } });
  await form.isValid();
  const row = await form.save({ commit: false });
  assert.equal(await Coffee.objects.count(), 0);
  row.note = "By hand.";
  await row.save();
  await form.saveManyToMany();
  assert.equal((await row.tags).length, 1);
});

test("a refused form cannot be saved, nor one that nobody validated or submitted", async (t) => {
  await openCafe(t);
  const form = new CoffeeForm({ data: {} });
  await assert.rejects(form.save(), {
    code: "FORMS_NOT_VALIDATED",
    message: "CoffeeForm: errors was read before the form was validated.",
  });
  await form.isValid();
  await assert.rejects(form.save(), {
    code: "FORMS_SAVE_INVALID",
    message: "CoffeeForm cannot be saved: its answers were refused (name, code, price, size).",
    hint: "Save only when await form.isValid() is true, and show the form again when it is not.",
  });
  await assert.rejects(new CoffeeForm().save(), { code: "FORMS_NOT_BOUND" });
});

test("all fields means those that a person may edit", async (t) => {
  await openCafe(t);
  const All = modelFormClass(Coffee, { fields: "all", exclude: ["note"] });
  assert.deepEqual(Object.keys(All.fields), ["name", "code", "price", "weight", "isIce", "size", "roaster", "tags"]);
});

test("widgets, labels, help and extra fields are the caller's choice", async (t) => {
  await openCafe(t);
  const Own = modelFormClass(Coffee, {
    fields: ["name", "size"],
    widgets: { name: textarea, size: radioSelect },
    labels: { name: "What?" },
    helpTexts: { name: "Anything." },
    errorMessages: { name: { required: "Say it." } },
    extraFields: { why: charField({ required: false }) },
  });
  const form = new Own({ data: { size: "s" } });
  await form.isValid();
  const html = String(await form.asP);
  assert.match(html, /<label for="id_name">What\?<\/label> <textarea name="name" cols="40" rows="10" maxlength="30"/);
  assert.match(html, /Say it\..*Anything\./s);
  assert.match(html, /<input type="radio" name="size" value="s" required id="id_size_0" checked>/);
  assert.match(html, /name="why"/);
});

test("a widget that was not sent leaves a new row its default", async (t) => {
  await openCafe(t);
  const Small = modelFormClass(Coffee, { fields: ["name", "note", "size"] });
  const form = new Small({ data: { name: "Latte" } } as FormOptions);
  form.fields.get("size")!.required = false;
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  assert.equal(form.instance.size, "s");
});

test("rows on offer can be narrowed for one form", async (t) => {
  await openCafe(t);
  const [a, b] = [await Roaster.objects.create({ name: "A" }), await Roaster.objects.create({ name: "B" })];
  const field = modelChoiceField({
    queryset: Roaster.objects.filter({ name: "A" }),
    required: false,
    labelFor: (row) => `Roaster ${row.name}`,
  });
  assert.equal(String(await field.clean(String(a.id))), "A");
  await assert.rejects(Promise.resolve(field.clean(String(b.id))), ValidationError);
  assert.equal(await field.clean(""), null);
  assert.match(
    String(await field.widget.render("roaster", b.id)),
    /^<select name="roaster">\s*<option value="">---------<\/option>\s*<option value="1">Roaster A<\/option>\s*<\/select>$/,
  );
});

test("options that name no field of the model are refused with the nearest name", async (t) => {
  await openCafe(t);
  const fieldsOf = (options: object) => () => modelFormClass(Coffee, options).fields;
  assert.throws(fieldsOf({ fields: ["naem"] }), {
    code: "FORMS_UNKNOWN_MODEL_FIELD",
    message: /^ModelForm\(Coffee\): "fields" names "naem", which Coffee does not have\. It has: id, name, /,
    hint: 'Did you mean "name"?',
  });
  assert.throws(fieldsOf({ exclude: ["pirce"] }), { code: "FORMS_UNKNOWN_MODEL_FIELD", hint: 'Did you mean "price"?' });
  assert.throws(fieldsOf({ fields: ["secret"] }), {
    code: "FORMS_NOT_EDITABLE",
    message: 'ModelForm(Coffee): the field "secret" is not editable.',
    hint: 'Leave it out of "fields", or drop editable: false from the model.',
  });
  assert.throws(fieldsOf({}), {
    code: "FORMS_FIELDS_MISSING",
    message: 'ModelForm(Coffee) says neither "fields" nor "exclude", and a form should not show a field by accident.',
    hint: 'Name them: { fields: ["name"] }, or take all: { fields: "all" }.',
  });
});

test("a kind of field that no form field is known for can be given one", async (t) => {
  await openCafe(t);
  class Odd extends Field {
    readonly kind = "shape";
    columnType() {
      return "text";
    }
    parse(value: unknown) {
      return value;
    }
  }
  const Shop = buildModel({ app: "shop", name: "Shop", fields: { shape: new Odd() } });
  assert.throws(() => modelFormClass(Shop, { fields: ["shape"] }).fields, {
    code: "FORMS_NO_FIELD_FOR_KIND",
    message: 'ModelForm(Shop): no form field is known for "shape", a field of the kind shape.',
    hint: "Exclude it, or give one: { extraFields: { shape: charField() } }.",
  });
  const Given = modelFormClass(Shop, { fields: ["shape"], fieldFor: () => charField({ label: "Round?" }) });
  assert.match(String(new Given().asP), /Round\?/);
});

test("the names of fields are checked by the types", () => {
  // @ts-expect-error there is no such field
  void ModelForm(Coffee, { fields: ["naem"] });
});

test("a unique value that another request took meanwhile is refused, and the form says so", async (t) => {
  await openCafe(t);
  const forms = [new CoffeeForm({ data: latte }), new CoffeeForm({ data: latte })] as const;
  for (const form of forms) assert.equal(await form.isValid(), true);
  await forms[0].save();
  await assert.rejects(forms[1].save(), { code: "FORMS_SAVE_INVALID" });
  assert.deepEqual(errorsOf(forms[1]), { code: ["Coffee with this Code already exists."] });
  assert.equal(await Coffee.objects.all().count(), 1);
});

test("a field can be of another kind and keep what the model says, and be written as the language writes it", async (t) => {
  await openCafe(t);
  const overriding = { fields: ["name", "weight"], fieldClasses: { name: slugField }, localizedFields: ["weight"] } as const;
  class Tuned extends ModelForm(Coffee, overriding) {}
  useI18n({ language: "de", languages: { de: "German" } });
  t.after(() => useI18n({}));
  const form = new Tuned({ data: { name: "two words", weight: "1,5" } });
  assert.equal(await form.isValid(), false);
  assert.deepEqual(Object.keys(form.errors), ["name"]);
  assert.equal(String(form.cleanedData.weight), "1.5");
  assert.equal(form.fields.get("name")!.helpText, "As on the menu.");
  assert.throws(() => new (ModelForm(Coffee, { fields: ["name"], localizedFields: ["nam"] as never }))(), {
    code: "FORMS_UNKNOWN_MODEL_FIELD",
  });
});
