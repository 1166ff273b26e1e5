// What a form refused, as a page, a text and JSON tell it.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Engine } from "cortado/templates";
import { ValidationError } from "cortado/validation";

class Order extends f.Form({ name: f.charField({ maxLength: 3 }), cups: f.integerField({ minValue: 1 }) }) {
  override clean() {
    throw new ValidationError("We are <closed>.", { code: "closed" });
  }
}

async function refused(options: f.FormOptions = {}) {
  const form = new Order({ data: { name: "Latte", cups: "0" }, ...options });
  await form.isValid();
  return form;
}

test("errors are told as JSON, with codes", async () => {
  const { errors } = await refused();
  assert.deepEqual(errors.getJsonData(), {
    name: [{ message: "Ensure this value has at most 3 characters (it has 5).", code: "max_length" }],
    cups: [{ message: "Ensure this value is greater than or equal to 1.", code: "min_value" }],
    __all__: [{ message: "We are <closed>.", code: "closed" }],
  });
  assert.equal(errors.getJsonData(true)["__all__"]![0]!.message, "We are &lt;closed&gt;.");
  assert.deepEqual(JSON.parse(errors.asJson()), errors.getJsonData());
  assert.equal(errors["cups"]!.asJson(), '[{"message":"Ensure this value is greater than or equal to 1.","code":"min_value"}]');
  assert.deepEqual(Object.keys(errors), ["name", "cups", "__all__"]);
});

test("errors are told as text and as lists", async () => {
  const { errors } = await refused();
  assert.equal(
    errors.asText(),
    "* name\n  * Ensure this value has at most 3 characters (it has 5).\n* cups\n  * Ensure this value is greater than or equal to 1.\n" +
      "* __all__\n  * We are <closed>.",
  );
  assert.equal(String(errors["__all__"]), "* We are <closed>.");
  assert.equal(
    String(await errors.asUl()),
    '<ul class="errorlist"><li>name<ul class="errorlist" id="id_name_error"><li>Ensure this value has at most 3 characters (it has 5).</li></ul></li>' +
      '<li>cups<ul class="errorlist" id="id_cups_error"><li>Ensure this value is greater than or equal to 1.</li></ul></li>' +
      '<li>__all__<ul class="errorlist nonfield"><li>We are &lt;closed&gt;.</li></ul></li></ul>',
  );
  const page = new Engine();
  assert.equal(await page.renderString("{{ form.errors.name.as_text }}{% if form.errors %}!{% endif %}", { form: await refused() }), "* Ensure this value has at most 3 characters (it has 5).!"); // prettier-ignore
  assert.equal(await page.renderString("{{ form.errors }}{% if form.errors %}!{% endif %}", { form: new Order() }), "");
});

test("an error list of one's own is drawn by its own template", async () => {
  class Divs extends f.ErrorList {
    override get templateName(): string {
      return "divs.html";
    }
  }
  const renderer = new Engine({
    templates: {
      "divs.html":
        '{% if errors %}<div class="{{ error_class }}">{% for error in errors %}<p>{{ error }}</p>{% endfor %}</div>{% endif %}',
    },
    directories: [f.formTemplates],
  });
  const form = await refused({ errorClass: Divs, renderer });
  assert.equal(String(await form.nonFieldErrors.toHtml()), '<div class="errorlist nonfield"><p>We are &lt;closed&gt;.</p></div>');
  assert.match(String(await form.asP), /^<div class="errorlist nonfield"><p>We are .*<div class="errorlist"><p>Ensure/s);
  assert.equal(String(await form.cups.errors.asUl()), '<ul class="errorlist" id="id_cups_error"><li>Ensure this value is greater than or equal to 1.</li></ul>'); // prettier-ignore
});

test("an error is added to a field, to several, and to the form, and asked for by its code", async () => {
  const form = await refused();
  form.addError("cups", "Too many.");
  form.addError(null, new ValidationError({ name: [new ValidationError("Taken.", { code: "taken" })] }));
  form.addError(null, new ValidationError(["One.", "Two."]));
  assert.deepEqual([...form.cups.errors], ["Ensure this value is greater than or equal to 1.", "Too many."]);
  assert.equal(form.hasError("name", "taken"), true);
  assert.equal(form.hasError("cups", "taken"), false);
  assert.equal(form.hasError(null, "closed"), true);
  assert.equal(form.hasError(null), true);
  assert.deepEqual([...form.nonFieldErrors], ["We are <closed>.", "One.", "Two."]);
  assert.throws(() => form.addError("size", "?"), { code: "FORMS_UNKNOWN_FIELD" });
});

test("messages of one's own know the value and the limit, and may be made of the limit", async () => {
  const field = f.charField({
    maxLength: 2,
    errorMessages: { max_length: "%(value)s is longer than %(limit_value)d (%(show_value)s)." },
  });
  await assert.rejects(field.clean("abc"), { messages: ["abc is longer than 2 (3)."], codes: ["max_length"] });
});
