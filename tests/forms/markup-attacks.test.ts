// Every widget and every field is given hostile text wherever it takes text, and the page stays what it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Engine } from "cortado/templates";
import { ValidationError } from "cortado/validation";

const attacks = [
  `"'><script>alert(1)</script>`,
  `' onfocus=alert(1) autofocus x='`,
  `" onmouseover="alert(1)`,
  "</textarea></select></option></label><img src=x onerror=alert(1)>",
  "<!-- --><svg/onload=alert(1)>",
  "{{ 1000|add:7919 }}{% debug %}{# #}",
  "\u0000\u2028<b>\\\u003cscript>",
  "%(value)s %s %% $& $1 &lt;script&gt;",
];

/** Options that hold the attack wherever a widget takes text. */
type Hostile = (attack: string) => any;
const plain: Hostile = (attack) => ({ attrs: { title: attack, class: attack, placeholder: attack } });
const withChoices: Hostile = (attack) => ({
  ...plain(attack),
  choices: [
    [attack, attack],
    [`${attack} group`, [[attack, attack]]],
  ],
});
const moments: Hostile = (attack) => ({ ...plain(attack), format: `%Y${attack}` });
const kept = (attack: string) => ({ url: `/media/${attack}`, toString: () => attack });

const widgets: Record<string, Hostile> = {
  checkboxInput: plain,
  checkboxSelectMultiple: withChoices,
  clearableFileInput: plain,
  colorInput: plain,
  dateInput: moments,
  dateTimeInput: moments,
  emailInput: plain,
  fileInput: plain,
  hiddenInput: plain,
  multipleHiddenInput: plain,
  multiWidget: (attack) => ({
    ...plain(attack),
    widgets: { [attack]: f.textInput(plain(attack)), b: f.textarea },
    decompress: () => [attack, attack],
  }),
  nullBooleanSelect: plain,
  numberInput: plain,
  passwordInput: (attack) => ({ ...plain(attack), renderValue: true }),
  radioSelect: withChoices,
  searchInput: plain,
  select: withChoices,
  selectDateWidget: (attack) => ({
    ...plain(attack),
    years: [attack],
    months: { 1: attack },
    emptyLabel: [attack, attack, attack],
  }),
  selectMultiple: withChoices,
  splitDateTimeWidget: (attack) => ({ ...plain(attack), dateAttrs: { title: attack }, timeAttrs: { title: attack } }),
  splitHiddenDateTimeWidget: (attack) => ({ ...plain(attack), dateAttrs: { title: attack }, timeAttrs: { title: attack } }),
  telInput: plain,
  textarea: plain,
  textInput: plain,
  timeInput: moments,
  urlInput: plain,
};

const choices: Hostile = (attack) => ({
  choices: [
    [attack, attack],
    [`${attack} group`, [[`${attack}2`, attack]]],
  ],
});
const nothing: Hostile = () => ({});
const rows = (attack: string): f.RowQuery => {
  const row = { pk: attack, toString: () => attack };
  const model = { meta: { primaryKey: { parse: (key: unknown) => key } } };
  const query = { model, filter: async () => [] };
  return { ...query, all: () => Object.assign(Promise.resolve([row]), query) } as unknown as f.RowQuery;
};

const fields: Record<string, Hostile> = {
  bigIntegerField: nothing,
  booleanField: nothing,
  charField: (attack) => ({ regex: attack, maxLength: 3 }),
  choiceField: choices,
  comboField: () => ({ fields: [f.charField({ maxLength: 3 }), f.emailField()] }),
  dateField: (attack) => ({ inputFormats: [attack] }),
  dateTimeField: nothing,
  decimalField: () => ({ maxDigits: 3, decimalPlaces: 1 }),
  durationField: nothing,
  emailField: nothing,
  fileField: () => ({ maxLength: 2 }),
  filePathField: () => ({ path: import.meta.dirname }),
  floatField: () => ({ minValue: 3, stepSize: 2 }),
  formField: (attack) => ({ form: f.Form({ inner: f.charField({ label: attack, helpText: attack }) }) }),
  formsetField: (attack) => ({ formset: f.formset(f.Form({ inner: f.charField({ label: attack, helpText: attack }) })) }),
  genericIPAddressField: nothing,
  imageField: nothing,
  integerField: () => ({ maxValue: 1 }),
  jsonField: nothing,
  modelChoiceField: (attack) => ({ queryset: () => rows(attack), emptyLabel: attack }),
  modelMultipleChoiceField: (attack) => ({ queryset: () => rows(attack) }),
  multipleChoiceField: choices,
  multipleFileField: nothing,
  multiValueField: () => ({ fields: [f.charField(), f.charField()] }),
  nullBooleanField: nothing,
  rangeField: () => ({ base: f.integerField() }),
  regexField: () => ({ regex: /^z$/ }),
  simpleArrayField: () => ({ base: f.integerField() }),
  slugField: nothing,
  splitArrayField: () => ({ base: f.charField(), size: 2 }),
  splitDateTimeField: nothing,
  timeField: nothing,
  typedChoiceField: choices,
  typedMultipleChoiceField: choices,
  urlField: nothing,
  uuidField: nothing,
};

/** Fields whose options are a class rather than an object. */
function makeField(name: string, options: any, common: f.FieldOptions): f.Field<any> {
  const make = (f as unknown as Record<string, (...args: any[]) => f.Field<any>>)[name]!;
  if (name === "formField") return make(options.form, common);
  if (name === "formsetField") return make(options.formset, common);
  return make({ ...common, ...options });
}

const attribute = String.raw`\s[a-z][\w-]*(?:="[^"<>]*")?`;
const tag = new RegExp(`^</?[a-z][a-z0-9]*(?:${attribute})*>$`);

/** Whether a text is nothing but well-formed elements without code, and text. */
function assertHarmless(html: string, about: string): void {
  for (const [found] of html.matchAll(/<[^>]*>?/g)) {
    assert.match(found, tag, `${about}: ${found}`);
    assert.doesNotMatch(found, /^<\/?(?:script|img|svg|b)\b/, about);
    assert.doesNotMatch(found.replace(/"[^"]*"/g, '""'), /\s(?:on\w+|autofocus|src)\b/, about);
  }
  assert.doesNotMatch(html, /8919/, `${about}: a template ran`);
}

test("every widget and field that there is has its attack", () => {
  const made = Object.entries(f as Record<string, unknown>).filter(
    ([name, value]) => typeof value === "function" && /^[a-z]/.test(name),
  );
  const widgetNames = made
    .map(([name]) => name)
    .filter((name) => /(?:Input|Widget|[sS]elect|SelectMultiple|textarea)$/.test(name));
  assert.deepEqual(widgetNames.filter((name) => !(name in widgets)), []); // prettier-ignore
  const fieldNames = made.map(([name]) => name).filter((name) => name.endsWith("Field") && name !== "isFormField");
  assert.deepEqual(fieldNames.filter((name) => !(name in fields)), []); // prettier-ignore
  assert.ok(widgetNames.length >= 25 && fieldNames.length >= 34, `${widgetNames.length} ${fieldNames.length}`);
});

for (const [name, options] of Object.entries(widgets)) {
  test(`${name} makes no markup of its name, value, attributes, choices and texts`, async () => {
    for (const attack of attacks) {
      const widget = (f as unknown as Record<string, (options: any) => f.Widget>)[name]!(options(attack));
      for (const value of [attack, [attack, attack], kept(attack), null, true, 0])
        assertHarmless(String(await widget.render(attack, value, { id: attack, "data-x": attack })), `${name} ${attack}`);
      for (const part of await widget.subwidgets(attack, attack, { id: attack }))
        assertHarmless(`${String(await part.toHtml())}${String(await part.tag())}`, `${name} ${attack}`);
    }
  });
}

for (const [name, options] of Object.entries(fields)) {
  test(`a form with ${name} makes no markup of labels, helps, values, messages, file names and prefixes`, async () => {
    for (const attack of attacks) await attackField(name, options, attack);
  });
}

/** What a body in JSON can hold in the place of a text. */
const shapes: readonly unknown[] = [
  -1, 1e308, true, null, "", "\0", "\ud800", "__proto__", "1e999999999", "9".repeat(2000), [], [[]], [null], [{}], {}, ["a", ["b"]],
  { toString: 1 }, { toString: "x", valueOf: 1 }, [{ toString: 1 }], { toJSON: 1 }, { toHtml: 1 }, { length: 1 }, { name: "x", size: 1 },
  { data: {}, prefix: "a" }, { has: 1, get: 1, getAll: 1 }, { cmp: 1 }, { constructor: { name: "x" } }, { a: { b: { toString: 1 } } },
]; // prettier-ignore

for (const [name, options] of Object.entries(fields)) {
  test(`${name} takes or refuses whatever stands in JSON, and is drawn`, async () => {
    class One extends f.Form({ a: makeField(name, options("x"), { required: false }) }) {}
    for (const shape of shapes)
      for (const data of [
        { a: shape },
        { a_0: shape, a_1: shape, "a-inner": shape },
        { a: shape, "initial-a": shape, "a-clear": shape },
      ]) {
        const form = new One({ data, initial: { a: shape } as never });
        await form.isValid();
        assert.equal(typeof (await form.hasChanged()), "boolean");
        assertHarmless(`${String(await form.asP)}${JSON.stringify(form.errors)}`, `${name} ${JSON.stringify(data)}`);
      }
  });
}

const page = new Engine({
  templates: {
    "page.html":
      "{{ form.errors }}{{ form.non_field_errors }}{{ form.media }}{% for field in form %}{{ field.errors }}{{ field.label_tag }}{{ field.legend_tag }}" +
      "{{ field.label }}{{ field.help_text }}{{ field.html_name }}{{ field.id_for_label }}{{ field.as_hidden }}{{ field.as_text }}{{ field.as_textarea }}" +
      "{{ field.as_field_group }}{{ field.css_classes }}{% for message in field.errors %}{{ message }}{% endfor %}{% endfor %}",
  },
});

async function attackField(name: string, options: Hostile, attack: string): Promise<void> {
  const codes =
    "required invalid invalid_choice invalid_list max_length min_value empty missing contradiction incomplete overflow";
  const errorMessages = Object.fromEntries(codes.split(" ").map((code) => [code, `${attack} %(value)s`]));
  const common = {
    label: attack,
    helpText: attack,
    initial: attack,
    labelSuffix: attack,
    showHiddenInitial: true,
    errorMessages,
  };
  class One extends f.Form({ a: makeField(name, options(attack), common) }) {
    override errorCssClass = attack;
    override requiredCssClass = attack;

    override clean() {
      throw new ValidationError(`${attack} %(x)s`, { params: { x: attack } });
    }
  }
  const file = { name: attack, size: 3, bytes: async () => new Uint8Array(3) };
  const sent = ["a", "a_0", "a_1", "a-inner", "a-0-inner", "initial-a"].map((key) => [key, attack]);
  const data = Object.fromEntries([...sent, ["a-TOTAL_FORMS", "1"], ["a-INITIAL_FORMS", "0"]]);
  for (const init of [
    {},
    { data, initial: { a: kept(attack) } },
    { data: {}, files: { a: file } },
    { data, prefix: attack, autoId: `%s${attack}`, labelSuffix: attack },
  ]) {
    const form = new One(init);
    await form.isValid();
    for (const layout of ["asP", "asDiv", "asTable", "asUl"] as const)
      assertHarmless(String(await form[layout]), `${name} ${layout}`);
    assertHarmless(await page.render("page.html", { form }), name);
  }
}
