import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Engine } from "cortado/templates";
import { Temporal } from "cortado/validation";

class Coffee extends f.Form({
  name: f.charField({ maxLength: 30, required: false }),
  price: f.integerField({ initial: 0, minValue: 0 }),
  isIce: f.booleanField({ required: false, helpText: "With ice." }),
}) {}

const rendered = async (html: f.Html): Promise<string> => String(await html);

test("a form as paragraphs has Django's markup", async () => {
  assert.equal(
    await rendered(new Coffee().asP),
    [
      '<p><label for="id_name">Name:</label> <input type="text" name="name" maxlength="30" id="id_name"></p>',
      '<p><label for="id_price">Price:</label> <input type="number" name="price" value="0" min="0" required id="id_price"></p>',
      '<p><label for="id_isIce">Is ice:</label> <input type="checkbox" name="isIce" aria-describedby="id_isIce_helptext" id="id_isIce"> <span class="helptext" id="id_isIce_helptext">With ice.</span></p>',
    ].join("\n"),
  );
});

test("a refused field points to its errors and says that it is invalid", async () => {
  class One extends f.Form({ name: f.charField({ maxLength: 2, helpText: "Short." }) }) {}
  const form = new One({ data: { name: "abc" } });
  assert.equal(
    await rendered(form.asP),
    '<ul class="errorlist" id="id_name_error"><li>Ensure this value has at most 2 characters (it has 3).</li></ul>' +
      '<p><label for="id_name">Name:</label> <input type="text" name="name" value="abc" maxlength="2" required aria-invalid="true" ' +
      'aria-describedby="id_name_helptext id_name_error" id="id_name"> <span class="helptext" id="id_name_helptext">Short.</span></p>',
  );
});

test("a form as divs, rows and list items", async () => {
  class One extends f.Form({ name: f.charField() }) {}
  const input = '<input type="text" name="name" required id="id_name">';
  const label = '<label for="id_name">Name:</label>';
  assert.equal(await rendered(new One().asDiv), `<div>${label} ${input}</div>`);
  assert.equal(await rendered(new One().asTable), `<tr><th>${label}</th><td>${input}</td></tr>`);
  assert.equal(await rendered(new One().asUl), `<li>${label} ${input}</li>`);
});

test("a group of radio buttons is a fieldset with a legend", async () => {
  class One extends f.Form({ size: f.choiceField({ choices: { s: "Small" }, widget: f.radioSelect }) }) {}
  const html = (await rendered(new One().asDiv)).replace(/\s*\n\s*/g, "");
  assert.equal(
    html,
    '<div><fieldset><legend>Size:</legend><div id="id_size"><div><label for="id_size_0">' +
      '<input type="radio" name="size" value="s" required id="id_size_0"> Small</label></div></div></fieldset></div>',
  );
});

test("a select insists on a value only where its first choice is empty", async () => {
  const select = (choices: f.ChoiceSource) => new (f.Form({ size: f.choiceField({ choices }) }))().size.toHtml();
  assert.match(await rendered(select([["", "—"]])), /<select name="size" required id="id_size">/);
  assert.match(await rendered(select([["s", "Small"]])), /<select name="size" id="id_size">/);
});

test("choices can be grouped and only the first of equal values is selected", async () => {
  const widget = f.select({ choices: { Cold: { a: "Iced" }, b: "Hot" } });
  assert.equal(
    (await rendered(widget.render("kind", "a"))).replace(/\n\s*/g, ""),
    '<select name="kind"><optgroup label="Cold"><option value="a" selected>Iced</option></optgroup><option value="b">Hot</option></select>',
  );
});

test("ids, suffixes, prefixes and the attribute required are the caller's choice", async () => {
  class One extends f.Form({ name: f.charField() }) {}
  const html = (options: f.FormOptions) => rendered(new One(options).asP);
  assert.equal(await html({ autoId: false }), '<p>Name: <input type="text" name="name" required></p>');
  assert.equal(
    await html({ autoId: "%s-id", labelSuffix: "", prefix: "a", useRequiredAttribute: false }),
    '<p><label for="a-name-id">Name</label> <input type="text" name="a-name" id="a-name-id"></p>',
  );
});

test("a label that ends in punctuation gets no colon", () => {
  class One extends f.Form({ ok: f.booleanField({ label: "Really?" }) }) {}
  assert.equal(String(new One().ok.labelTag()), '<label for="id_ok">Really?</label>');
});

test("rows carry the classes of the form", async () => {
  class One extends f.Form({ name: f.charField() }) {
    override errorCssClass = "error";
    override requiredCssClass = "required";
  }
  assert.match(await rendered(new One({ data: {} }).asP), /<p class="error required">/);
});

test("dates, times and moments are shown as they are read", async () => {
  const day = Temporal.PlainDate.from("2007-09-17");
  assert.equal(String(f.dateInput().render("d", day)), '<input type="text" name="d" value="2007-09-17">');
  assert.equal(
    String(f.dateInput({ format: "%d.%m.%Y", attrs: { type: "date" } }).render("d", day)),
    '<input type="date" name="d" value="17.09.2007">',
  );
  assert.equal(
    String(f.dateTimeInput().render("d", new Date("2007-09-17T12:51:34Z"))),
    '<input type="text" name="d" value="2007-09-17 12:51:34">',
  );
});

test("a date can be asked for in three selects", async () => {
  class Born extends f.Form({ day: f.dateField({ widget: f.selectDateWidget({ years: [1990, 1991] }) }) }) {}
  const form = new Born({ data: { day_year: "1991", day_month: "2", day_day: "28" } });
  assert.equal(await form.isValid(), true);
  assert.equal(String(form.cleanedData.day), "1991-02-28");
  assert.match(await rendered(form.day.toHtml()), /<option value="2" selected>February<\/option>/);
  const wrong = new Born({ data: { day_year: "1991", day_month: "2", day_day: "30" } });
  await wrong.isValid();
  assert.deepEqual([...wrong.day.errors], ["Enter a valid date."]);
});

test("templates print forms, fields, labels and errors, and wait for choices", async () => {
  class Late extends f.Form({
    name: f.charField(),
    size: f.choiceField({ choices: async () => ({ s: "Small" }) }),
  }) {}
  const engine = new Engine({
    templates: {
      "page.html":
        "{{ form.as_p }}|{{ form.name.errors }}|{% for field in form %}{{ field.label_tag }}{{ field }}{% endfor %}|{{ form.size }}",
    },
  });
  const html = await engine.render("page.html", { form: new Late({ data: { size: "s" } }) });
  assert.equal(html.match(/<option value="s" selected>Small<\/option>/g)?.length, 3);
  assert.match(html, /\|<ul class="errorlist" id="id_name_error"><li>This field is required.<\/li><\/ul>\|<label for="id_name">/);
});

test("a form with files says that it is sent in parts", () => {
  assert.equal(new (f.Form({ photo: f.imageField() }))().isMultipart, true);
  assert.equal(new Coffee().isMultipart, false);
});

test("a pattern over the whole text is the browser's too, where it reads it so", async () => {
  const shown = async (regex: RegExp | string) => String(await new (f.Form({ code: f.regexField({ regex }) }))().code.toHtml());
  assert.match(await shown(/^[A-Z]{2}\d{4}$/), / pattern="\[A-Z\]\{2\}\\d\{4\}"/);
  assert.match(await shown('^a"+$'), / pattern="a&quot;\+"/);
  for (const regex of [/[A-Z]/, /^a$/i, /^a|b$/, /^[(]$/, "^a\\$"]) assert.doesNotMatch(await shown(regex), /pattern/);
});
