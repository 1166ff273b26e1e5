// A field in a form: its names, its initial value, what changed, and the ways to show it.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { ValidationError } from "cortado/validation";

const html = async (of: f.Html): Promise<string> => String(await of);

test("a field is shown as other widgets than its own", async () => {
  class One extends f.Form({ name: f.charField({ initial: "a<b" }), at: f.splitDateTimeField({ required: false }) }) {}
  const { name, at } = new One();
  assert.equal(await html(name.asHidden()), '<input type="hidden" name="name" value="a&lt;b" id="id_name">');
  assert.equal(
    await html(name.asText({ class: "c" })),
    '<input type="text" name="name" value="a&lt;b" class="c" required id="id_name">',
  );
  assert.equal(
    await html(name.asTextarea()),
    '<textarea name="name" cols="40" rows="10" required id="id_name">\na&lt;b</textarea>',
  );
  assert.equal(
    await html(name.asWidget({}, f.telInput())),
    '<input type="tel" name="name" value="a&lt;b" required id="id_name">',
  );
  assert.equal(
    await html(at.asHidden()),
    '<input type="hidden" name="at_0" id="id_at_0"><input type="hidden" name="at_1" id="id_at_1">',
  );
});

test("a hidden input keeps what was shown at first, and tells a change from what another made meanwhile", async () => {
  class Kept extends f.Form({
    cups: f.integerField({ initial: 3, showHiddenInitial: true }),
    tags: f.multipleChoiceField({ choices: { a: "A", b: "B" }, initial: ["a"], showHiddenInitial: true }),
  }) {}
  assert.equal(
    await html(new Kept({ prefix: "p" }).cups.toHtml()),
    '<input type="number" name="p-cups" value="3" required id="id_p-cups">' +
      '<input type="hidden" name="initial-p-cups" value="3" id="initial-id_p-cups">',
  );
  const changed = (data: Record<string, unknown>) => new Kept({ data }).changedData;
  assert.deepEqual(changed({ cups: "4", "initial-cups": "4", tags: ["b"], "initial-tags": ["b"] }), []);
  assert.deepEqual(changed({ cups: "3", "initial-cups": "4", tags: ["a"], "initial-tags": ["b"] }), ["cups", "tags"]);
  assert.deepEqual(changed({ cups: "3", "initial-cups": "no number", tags: ["a"], "initial-tags": ["a"] }), ["cups"]);
  const again = await html(new Kept({ data: { cups: "9", "initial-cups": "4" } }).cups.toHtml());
  assert.match(again, /name="cups" value="9".*name="initial-cups" value="4"/);
});

test("an initial value that a function gives is asked for once for each form", () => {
  let times = 0;
  class Counted extends f.Form({ count: f.integerField({ initial: () => ++times }), other: f.charField({ initial: "o" }) }) {}
  const form = new Counted({ initial: { other: () => "given" } });
  assert.deepEqual([form.count.initial, form.count.value, form.count.initial, form.other.value], [1, 1, 1, "given"]);
  assert.equal(new Counted().count.initial, 2);
});

test("a disabled field shows and keeps its initial value, whatever is sent", async () => {
  class Fixed extends f.Form({ price: f.integerField({ disabled: true }), note: f.charField({ required: false }) }) {}
  const form = new Fixed({ data: { price: "1", note: "n" }, initial: { price: 7 } });
  assert.equal(await form.isValid(), true);
  assert.equal(form.cleanedData.price, 7);
  assert.deepEqual(form.changedData, ["note"]);
  assert.match(await html(form.price.toHtml()), /value="7" required disabled id/);
});

test("fields are put in another order by a class, for one form, and later", () => {
  class Abc extends f.Form({ a: f.charField(), b: f.charField(), c: f.charField() }) {
    static override fieldOrder = ["c", "unknown", "a"];
  }
  assert.deepEqual([...new Abc().fields.keys()], ["c", "a", "b"]);
  const form = new Abc({ fieldOrder: ["b"] });
  assert.deepEqual([...form].map(({ name }) => name), ["b", "a", "c"]); // prettier-ignore
  form.orderFields(["c"]);
  assert.deepEqual([...form.fields.keys()], ["c", "b", "a"]);
});

test("a class says its prefix and whether browsers insist on values", async () => {
  class Second extends f.Form({ name: f.charField() }) {
    static override prefix = "second";
    static override useRequiredAttribute = false;
  }
  assert.equal(await html(new Second().name.toHtml()), '<input type="text" name="second-name" id="id_second-name">');
  assert.equal(await html(new Second({ prefix: "x", useRequiredAttribute: true, autoId: true }).name.toHtml()), '<input type="text" name="x-name" required id="x-name">'); // prettier-ignore
});

test("hidden and visible fields are told apart, and files make a form multipart", () => {
  class Mixed extends f.Form({
    name: f.charField(),
    token: f.charField({ widget: f.hiddenInput }),
    photos: f.multipleFileField(),
  }) {}
  const form = new Mixed();
  assert.deepEqual(form.hiddenFields.map(({ name }) => name), ["token"]); // prettier-ignore
  assert.deepEqual(form.visibleFields.map(({ name }) => name), ["name", "photos"]); // prettier-ignore
  assert.equal(form.isMultipart, true);
});

test("a form of another has its methods, more fields, other ones, and lacks those taken away", async () => {
  class Guest extends f.Form({ name: f.charField(), email: f.emailField(), table: f.charField() }) {
    cleanEmail(email: string) {
      return email.toLowerCase();
    }

    cleanName(name: string) {
      if (name === "?") throw new ValidationError("Who?");
      return name;
    }

    get greeting() {
      return "Hello";
    }
  }
  class Walker extends f.extendForm(Guest, { email: null, table: f.integerField(), seats: f.integerField({ initial: 2 }) }) {
    cleanSeats(seats: number) {
      return seats * 2;
    }
  }
  const form = new Walker({ data: { name: "Ada", table: "4", seats: "1" } });
  assert.equal(await form.isValid(), true, form.errors.asText());
  const table: number = form.cleanedData.table;
  const seats: number = form.cleanedData.seats;
  assert.deepEqual([form.cleanedData.name, table, seats, form.greeting], ["Ada", 4, 2, "Hello"]);
  // @ts-expect-error the field was taken away
  void (() => form.cleanedData.email);
  assert.equal((form as { email?: unknown }).email, undefined);
  assert.deepEqual([...new Walker().fields.keys()], ["name", "table", "seats"]);
  assert.deepEqual([...new Guest().fields.keys()], ["name", "email", "table"]);
  const wrong = new Walker({ data: { name: "?", table: "x", seats: "1" } });
  assert.equal(await wrong.isValid(), false);
  assert.deepEqual(Object.keys(wrong.errors), ["name", "table"]);
  class Plain extends f.extendForm(Walker, { email: f.emailField() }) {}
  assert.deepEqual([...new Plain().fields.keys()], ["name", "table", "seats", "email"]);
});

test("a group of which only some parts are required says so part by part", async () => {
  const name = () =>
    f.multiValueField({
      fields: [f.charField(), f.charField({ required: false })],
      widget: f.multiWidget({ widgets: [f.textInput, f.textInput], decompress: (value: string) => value.split(" ") }),
      compress: (parts: string[]) => parts.join(" "),
      requireAllFields: false,
    });
  class Person extends f.Form({ name: name() }) {}
  assert.equal(
    await html(new Person({ initial: { name: "Ada Lovelace" } }).name.toHtml()),
    '<input type="text" name="name_0" value="Ada" required aria-label="Name 1" id="id_name_0"><input type="text" name="name_1" value="Lovelace" aria-label="Name 2" id="id_name_1">',
  );
  const form = new Person({ data: { name_0: "", name_1: "L" } });
  await form.isValid();
  assert.deepEqual(form.name.errors.codes, ["incomplete"]);
  const ok = new Person({ data: { name_0: "Ada", name_1: "" } });
  assert.equal(await ok.isValid(), true);
  assert.equal(ok.cleanedData.name, "Ada ");
});
