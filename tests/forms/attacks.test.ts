// A form's page is made of what strangers typed: nothing of it may become markup.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Engine, safe } from "cortado/templates";
import { ValidationError } from "cortado/validation";

const attack = `"'><script>alert(1)</script>`;
const group = `${attack}group`;

class Hostile extends f.Form({
  text: f.charField({ label: attack, helpText: attack, initial: attack }),
  area: f.charField({ widget: f.textarea({ attrs: { placeholder: attack } }) }),
  hidden: f.charField({ widget: f.hiddenInput }),
  one: f.choiceField({ choices: [[attack, attack]] }),
  grouped: f.choiceField({ choices: [[group, [[attack, attack]]]] }),
  radio: f.choiceField({ choices: [[attack, attack]], widget: f.radioSelect }),
  boxes: f.multipleChoiceField({ choices: [[group, [[attack, attack]]]], widget: f.checkboxSelectMultiple }),
  many: f.multipleChoiceField({ choices: [[attack, attack]], widget: f.multipleHiddenInput }),
  box: f.booleanField(),
  day: f.dateField({ widget: f.selectDateWidget({ emptyLabel: attack, years: [attack] }), required: false }),
  moment: f.splitDateTimeField(),
  number: f.integerField({ minValue: 1 }),
  json: f.jsonField(),
  file: f.fileField(),
}) {
  cleanText() {
    throw new ValidationError("Not %(value)s", { params: { value: attack } });
  }
  override clean() {
    throw new ValidationError(attack);
  }
}

const submitted = Object.fromEntries(Object.keys(Hostile.fields).map((name) => [name, attack]));
const initial = { file: { url: `/media/${attack}`, toString: () => attack } };

for (const layout of ["asP", "asDiv", "asTable", "asUl"] as const) {
  test(`no value, label, help, choice or error becomes markup in ${layout}`, async () => {
    for (const options of [{}, { initial }, { data: submitted, files: {}, initial }, { data: submitted, prefix: attack }]) {
      const html = String(await new Hostile(options)[layout]);
      assert.doesNotMatch(html, /<script/);
      assert.match(html, /&lt;script&gt;/);
      for (const tag of html.match(/<[^>]*>/g)!) assert.match(tag, /^<\/?[a-z]+(?:\s[\w-]+(?:="[^"<>]*")?)*>$/, tag);
    }
  });
}

test("errors and fields printed one by one are escaped too", async () => {
  const engine = new Engine({
    templates: {
      "page.html":
        "{{ form.errors }}{{ form.non_field_errors }}{% for f in form %}{{ f.errors }}{{ f.label_tag }}{{ f.help_text }}{{ f.label }}{% endfor %}",
    },
  });
  const form = new Hostile({ data: submitted });
  await form.isValid();
  assert.doesNotMatch(await engine.render("page.html", { form }), /<script/);
});

test("only text that the program marked as HTML is HTML", () => {
  class Marked extends f.Form({ name: f.charField({ helpText: safe("<b>bold</b>") as unknown as string }) }) {}
  assert.match(String(new Marked().asP), /<b>bold<\/b>/);
});

test("a name that reaches for an object's prototype finds nothing", async () => {
  class Odd extends f.Form({ name: f.charField() }) {}
  const form = new Odd({ data: JSON.parse('{"__proto__": {"name": "polluted"}}') });
  assert.equal(await form.isValid(), false);
  assert.equal(({} as Record<string, unknown>)["name"], undefined);
});

test("an object where text is expected cannot slip through", async () => {
  class Plain extends f.Form({ name: f.charField({ maxLength: 20 }), kind: f.choiceField({ choices: { a: "A" } }) }) {}
  const form = new Plain({ data: { name: { $gt: "" }, kind: { toString: () => "a" } } });
  await form.isValid();
  assert.equal(typeof form.cleanedData.name, "string");
  assert.equal(form.cleanedData.kind, "a");
});

test("a password is never shown again", async () => {
  class Login extends f.Form({ password: f.charField({ widget: f.passwordInput }) }) {}
  assert.doesNotMatch(String(await new Login({ data: { password: "s3cret" } }).asP), /s3cret/);
});

test("no text takes a field longer to read than its length explains", async () => {
  const long = 200_000;
  const numbers = `${"1".repeat(long)}x`;
  const spaces = `1${" ".repeat(long)}x`;
  const started = performance.now();
  for (const field of [f.floatField(), f.decimalField(), f.integerField(), f.durationField(), f.dateField(), f.dateTimeField()])
    for (const text of [numbers, spaces]) await assert.rejects(field.clean(text), ValidationError);
  assert.ok(performance.now() - started < 2000);
});

test("what no database and no page can hold is refused, not a failure", async () => {
  await assert.rejects(f.durationField().clean("9".repeat(100)), ValidationError);
  await assert.rejects(f.dateField().clean("0000-01-01"), ValidationError);
  for (const text of ['{"a":"\\u0000"}', '"\\ud800"', '"\\\\\\u0000"'])
    await assert.rejects(f.jsonField().clean(text), ValidationError);
  assert.equal(await f.jsonField().clean('"\\\\u0000 😀"'), "\\u0000 😀");
  class Deep extends f.Form({ json: f.jsonField() }) {}
  const form = new Deep({ data: { json: "[".repeat(100_000) + "]".repeat(100_000) } });
  assert.equal(await form.isValid(), false);
  assert.match(String(await form.asP), /Enter a valid JSON/);
});

test("a text that no number is as long as is refused unread", async () => {
  const endless = "\u0301".repeat(5_000_000);
  await assert.rejects(f.integerField().clean(endless), { messages: ["Enter a whole number."] });
});
