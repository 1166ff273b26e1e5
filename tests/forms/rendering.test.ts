// What draws a form: templates, which a form, a field, a widget, a list of errors or a project may replace.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { gettextLazy, LazyText } from "cortado/i18n";
import { Engine, safe } from "cortado/templates";

const html = async (of: f.Html): Promise<string> => String(await of);
const engine = (templates: Record<string, string>) => new Engine({ templates, directories: [f.formTemplates] });

class Coffee extends f.Form({
  name: f.charField({ helpText: "As on the card." }),
  size: f.choiceField({ choices: { s: "Small", l: "Large" }, widget: f.radioSelect }),
}) {}

test("a form is drawn by the template that it names", async () => {
  const renderer = engine({
    "card.html":
      "{% for field, errors in fields %}<b>{{ field.label }}</b>{{ field }}{{ errors }}{% endfor %}{{ form.name.help_text }}",
  });
  class Card extends f.Form({ name: f.charField({ helpText: "Short." }) }) {
    static override renderer = renderer;
    override templateName = "card.html";
  }
  assert.equal(await html(new Card().toHtml()), '<b>Name</b><input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name">Short.'); // prettier-ignore
  assert.match(await html(new Card().asP), /^<p>/);
  assert.match(await html(new Card({ data: {} }).render("card.html")), /<ul class="errorlist" id="id_name_error">/);
});

test("a project's template of the same name replaces Cortado's, for every form", async () => {
  const renderer = engine({
    "cortado/forms/widgets/text.html":
      '<x-input name="{{ widget.name }}"{% include "cortado/forms/widgets/attrs.html" %}></x-input>',
    "cortado/forms/label.html": "<i>{{ label }}</i>",
  });
  f.useFormRenderer(renderer);
  try {
    const form = new Coffee();
    assert.equal(
      await html(form.name.toHtml()),
      '<x-input name="name" required aria-describedby="id_name_helptext" id="id_name"></x-input>',
    );
    assert.equal(await html(form.name.labelTag()), "<i>Name:</i>");
  } finally {
    f.useFormRenderer(undefined);
  }
  assert.match(await html(new Coffee().name.toHtml()), /^<input type="text"/);
});

test("a widget may name a template, and find there what Django's templates of widgets find", async () => {
  const renderer = engine({
    "stars.html":
      "{{ widget.name }}={{ widget.value }} {{ widget.required }}{% for name, value in widget.attrs.items %} {{ name }}:{{ value }}{% endfor %}",
  });
  class Rated extends f.Form({ stars: f.integerField({ widget: f.numberInput({ templateName: "stars.html", attrs: { class: "a&b" } }), initial: 3, maxValue: 5 }) }) {} // prettier-ignore
  assert.equal(await html(new Rated({ renderer }).stars.toHtml()), "stars=3 True class:a&amp;b max:5 required:True id:id_stars");
});

test("a field with its label, help and errors is a group, drawn by a template of its own where it names one", async () => {
  const renderer = engine({ "row.html": "<p>{{ field.label_tag }}{{ field.errors }}{{ field }}|{{ field.help_text }}</p>" });
  class Own extends f.Form({ name: f.charField({ templateName: "row.html", helpText: "Short." }), size: f.charField() }) {}
  const form = new Own({ renderer });
  assert.match(await html(form.name.asFieldGroup()), /^<p><label for="id_name">Name:<\/label><input [^>]*>\|Short\.<\/p>$/);
  assert.equal(
    await html(form.size.asFieldGroup()),
    '<label for="id_size">Size:</label> <input type="text" name="size" required id="id_size">',
  );
  assert.match(await html(form.asDiv), /<div><p><label for="id_name">/);
  assert.equal(
    await html(
      new Own({
        renderer: { renderHtml: renderer.renderHtml.bind(renderer), fieldTemplateName: "row.html" },
      }).size.asFieldGroup(),
    ),
    '<p><label for="id_size">Size:</label><input type="text" name="size" required id="id_size">|</p>',
  );
});

test("a renderer says which template draws forms that name none", async () => {
  const inner = engine({ "mine.html": "mine: {{ form.name.label }}" });
  const renderer: f.FormRenderer = {
    renderHtml: (name, context) => inner.renderHtml(name, context),
    formTemplateName: "mine.html",
  };
  assert.equal(await html(new Coffee({ renderer }).toHtml()), "mine: Name");
});

test("templates go through radio buttons and boxes one by one", async () => {
  const page = engine({
    "page.html":
      "{% for radio in form.size %}[{{ radio }}|{{ radio.tag }}|{{ radio.id_for_label }}|{{ radio.choice_label }}|{{ radio.data.value }}]{% endfor %}",
  });
  const first = '<input type="radio" name="size" value="s" required id="id_size_0">';
  const shown = await page.render("page.html", { form: new Coffee() });
  assert.ok(shown.startsWith(`[<label for="id_size_0">${first} Small</label>|${first}|id_size_0|Small|s]`), shown);
  assert.equal(shown.match(/\[/g)?.length, 2);
  assert.equal(await page.renderString("{{ form.size.0.choice_label }}{{ form.size.9 }}", { form: new Coffee() }), "Small");
  class Late extends f.Form({ size: f.choiceField({ choices: async () => ({ s: "Small" }), widget: f.radioSelect }) }) {}
  const late = await page.renderString("{% for radio in form.size %}{{ radio.choice_label }}{% endfor %}", {
    form: new Late(),
  });
  assert.equal(late, "Small");
  const moment = new (f.Form({ at: f.splitDateTimeField() }))();
  assert.equal([...moment.at].length, 2);
  assert.equal([...new Coffee().name].length, 1);
});

test("labels are written with other texts, attributes, suffixes and tags", async () => {
  const { name, size } = new Coffee({ labelSuffix: "?" });
  assert.equal(await html(name.labelTag()), '<label for="id_name">Name?</label>');
  assert.equal(
    await html(name.labelTag({ contents: "<b>", attrs: { class: "c" }, labelSuffix: "" })),
    '<label for="id_name" class="c">&lt;b&gt;</label>',
  );
  assert.equal(
    await html(name.labelTag({ contents: safe("<b>Name</b>") as unknown as string })),
    '<label for="id_name"><b>Name</b>?</label>',
  );
  assert.equal(await html(size.labelTag()), "<label>Size?</label>");
  assert.equal(await html(size.legendTag({ attrs: { id: "l" } })), '<legend id="l">Size?</legend>');
});

test("a label has the class of what is required", async () => {
  class Classy extends f.Form({ name: f.charField(), note: f.charField({ required: false }) }) {
    override requiredCssClass = "required";
    override errorCssClass = "error";
  }
  const form = new Classy({ data: { note: "n" } });
  await form.isValid();
  assert.equal(await html(form.name.labelTag()), '<label for="id_name" class="required">Name:</label>');
  assert.equal(await html(form.note.labelTag()), '<label for="id_note">Note:</label>');
  assert.equal(form.name.cssClasses("wide wide"), "wide error required");
});

test("labels, helps, choices and messages may be translated when they are shown", async () => {
  let word = "One";
  const text = new LazyText(() => word);
  class Lazy extends f.Form({
    a: f.charField({ label: text, helpText: text, errorMessages: { required: text } }),
    b: f.choiceField({ choices: [["1", text]], widget: f.select({ attrs: { title: gettextLazy("Kind") } }) }),
  }) {}
  word = "Two";
  const form = new Lazy({ data: {} });
  const shown = await html(form.asP);
  assert.match(shown, /<li>Two<\/li>.*<label for="id_a">Two:<\/label>.*id="id_a_helptext">Two<\/span>/);
  assert.match(shown, /title="Kind".*<option value="1">Two<\/option>/s);
});

test("a class of one's own stands for a field in a form and gives templates more to show", async () => {
  class Wide extends f.BoundField {
    get columns(): number {
      return 12;
    }
  }
  class One extends f.Form({ name: f.charField({ boundFieldClass: Wide }), note: f.charField() }) {}
  const page = new Engine();
  assert.equal(await page.renderString("{{ form.name.columns }}{{ form.name.widget_type }}", { form: new One() }), "12text");
  assert.ok(!(new One().note instanceof Wide));
});

test("several parts are a fieldset, described as a whole", async () => {
  class One extends f.Form({ at: f.splitDateTimeField({ helpText: "Local time." }) }) {}
  assert.equal(
    await html(new One({ data: { at_0: "x", at_1: "10:00" } }).asDiv),
    '<div><fieldset aria-describedby="id_at_helptext id_at_error"><legend>At:</legend><div class="helptext" id="id_at_helptext">Local time.</div>' +
      '<ul class="errorlist" id="id_at_error"><li>Enter a valid date.</li></ul>' +
      '<input type="text" name="at_0" value="x" aria-label="At Date" required aria-invalid="true" id="id_at_0">' +
      '<input type="text" name="at_1" value="10:00" aria-label="At Time" required aria-invalid="true" id="id_at_1"></fieldset></div>',
  );
});

test("hidden fields stand in the last row, and their errors above", async () => {
  class Secret extends f.Form({ name: f.charField(), token: f.charField({ widget: f.hiddenInput, label: "T" }) }) {}
  assert.equal(
    await html(new Secret({ data: { name: "n" }, autoId: false }).asUl),
    '<li><ul class="errorlist nonfield"><li>(Hidden field token) This field is required.</li></ul></li>' +
      '<li>Name: <input type="text" name="name" value="n" required><input type="hidden" name="token"></li>',
  );
  class All extends f.Form({ token: f.charField({ widget: f.hiddenInput }) }) {}
  assert.equal(await html(new All().asTable), '<input type="hidden" name="token" id="id_token">');
  assert.match(await html(new All({ data: {} }).asP), /<\/ul><p><input type="hidden" name="token" id="id_token"><\/p>$/);
});

test("a name of an attribute that would be more than a name is refused", () => {
  for (const name of ["a b", 'x"', "on=", "<", "a/b", "", "\u0000"])
    assert.throws(() => f.attributes({ [name]: "v" }), {
      code: "FORMS_ATTRIBUTE_NAME",
      message: `${JSON.stringify(name)} cannot be the name of an attribute.`,
      hint: 'Name attributes in the program, { "data-kind": value }, and put what people typed into their values, which are escaped.',
    });
  assert.equal(String(f.attributes({ "data-a": 1, "@click": "x", hidden: true, title: null })), ' data-a="1" @click="x" hidden');
});
