import assert from "node:assert/strict";
import { test } from "node:test";
import type { dateField } from "cortado/forms";
import {
  booleanField,
  charField,
  type CleanedData,
  choiceField,
  emailField,
  Form,
  formsChecks,
  hiddenInput,
  integerField,
  passwordInput,
  selectMultiple,
  multipleChoiceField,
} from "cortado/forms";
import { type Temporal, ValidationError } from "cortado/validation";

class Order extends Form({
  drink: charField({ maxLength: 20 }),
  size: choiceField({ choices: { s: "Small", l: "Large" } }),
  cups: integerField({ required: false, initial: 1 }),
  isIce: booleanField({ required: false }),
}) {
  cleanDrink(drink: string) {
    if (drink === "Tea") throw new ValidationError("We only have coffee.", { code: "tea" });
    return drink.toUpperCase();
  }

  override async clean(values: Partial<CleanedData<typeof Order.fields>>) {
    await Promise.resolve();
    if (values.size === "s" && (values.cups ?? 1) > 3) throw new ValidationError("Take a large one instead.");
  }
}

test("a valid form gives clean values of exact types", async () => {
  const form = new Order({ data: { drink: " Latte ", size: "l", cups: "2", isIce: "on" } });
  assert.equal(await form.isValid(), true);
  const drink: string = form.cleanedData.drink;
  const size: "s" | "l" = form.cleanedData.size;
  const cups: number | null = form.cleanedData.cups;
  assert.deepEqual({ drink, size, cups, isIce: form.cleanedData.isIce }, { drink: "LATTE", size: "l", cups: 2, isIce: true });
  // @ts-expect-error a number that is not required may be null
  void (() => form.cleanedData.cups.toFixed());
  // @ts-expect-error there is no such field
  void (() => form.cleanedData.price);
  const day: Temporal.PlainDate | null = null as CleanedData<{ d: ReturnType<typeof dateField<{ required: false }>> }>["d"];
  assert.equal(day, null);
});

test("a refused form says why, by field, and keeps what was accepted", async () => {
  const form = new Order({ data: { drink: "Tea", size: "xl", cups: "2" } });
  assert.equal(await form.isValid(), false);
  assert.equal(
    JSON.stringify(form.errors),
    '{"drink":["We only have coffee."],"size":["Select a valid choice. xl is not one of the available choices."]}',
  );
  assert.deepEqual(form.cleanedData, { cups: 2, isIce: false });
  assert.equal(form.hasError("drink", "tea"), true);
  assert.equal(form.hasError("drink", "required"), false);
});

test("what concerns several fields refuses the whole form", async () => {
  const form = new Order({ data: { drink: "Latte", size: "s", cups: "4" } });
  assert.equal(await form.isValid(), false);
  assert.deepEqual([...form.nonFieldErrors], ["Take a large one instead."]);
});

test("clean() can refuse by field and change the values", async () => {
  class Passwords extends Form({ first: charField(), second: charField() }) {
    override clean(values: { first?: string; second?: string }) {
      if (values.first !== values.second) throw new ValidationError({ second: "They differ." });
      return { ...values, first: "***" };
    }
  }
  const wrong = new Passwords({ data: { first: "a", second: "b" } });
  await wrong.isValid();
  assert.deepEqual([...wrong.second.errors], ["They differ."]);
  const right = new Passwords({ data: { first: "a", second: "a" } });
  await right.isValid();
  assert.equal(right.cleanedData.first, "***");
});

test("a form is cleaned once, however often it is asked", async () => {
  let times = 0;
  class Counted extends Form({ name: charField() }) {
    cleanName(name: string) {
      times++;
      return name;
    }
  }
  const form = new Counted({ data: { name: "a" } });
  await Promise.all([form.isValid(), form.isValid()]);
  await form.isValid();
  assert.equal(times, 1);
});

test("a mistake in a clean method is not taken for a refusal", async () => {
  class Broken extends Form({ name: charField() }) {
    cleanName(): never {
      throw new RangeError("a bug");
    }
  }
  await assert.rejects(new Broken({ data: { name: "a" } }).isValid(), RangeError);
});

test("names in snake_case bind to fields in camelCase, prefixes included", async () => {
  const form = new Order({ data: { "a-drink": "Latte", "a-size": "s", "a-is_ice": "1" }, prefix: "a" });
  assert.equal(await form.isValid(), true);
  assert.equal(form.cleanedData.isIce, true);
});

test("URLSearchParams and FormData are read as they are", async () => {
  class Tags extends Form({ tags: multipleChoiceField({ choices: { a: "A", b: "B" }, widget: selectMultiple }) }) {}
  const data = new FormData();
  data.append("tags", "a");
  data.append("tags", "b");
  for (const source of [new URLSearchParams("tags=a&tags=b"), data]) {
    const form = new Tags({ data: source });
    assert.equal(await form.isValid(), true);
    assert.deepEqual(form.cleanedData.tags, ["a", "b"]);
  }
});

test("what an object inherits is neither submitted nor an error", async () => {
  class Odd extends Form({ constructor: charField({ required: false }), toString: charField({ required: false }) }) {}
  const form = new Odd({ data: {} });
  assert.equal(await form.isValid(), true);
  assert.match(String(await form.asP), /<input type="text" name="constructor" id="id_constructor">/);
});

test("an unbound form is not valid, has no errors and shows its initial values", async () => {
  const form = new Order({ initial: { drink: () => "Mocha" } });
  assert.equal(await form.isValid(), false);
  assert.equal(Object.keys(form.errors).length, 0);
  assert.equal(form.drink.value, "Mocha");
  assert.equal(form.cups.value, 1);
});

test("a form knows what was changed", async () => {
  const form = new Order({ data: { drink: "Latte", size: "s", cups: "1" }, initial: { drink: "Latte", size: "l" } });
  assert.deepEqual(form.changedData, ["size"]);
  assert.equal(new Order({ data: { cups: "1" }, initial: {} }).hasChanged(), false);
});

test("a form that may stay empty is valid empty", async () => {
  assert.equal(await new Order({ data: { cups: "1" }, emptyPermitted: true }).isValid(), true);
  assert.equal(await new Order({ data: { cups: "2" }, emptyPermitted: true }).isValid(), false);
});

test("a disabled field keeps its initial value, whatever is submitted", async () => {
  class Fixed extends Form({ price: integerField({ disabled: true, initial: 5 }) }) {}
  const form = new Fixed({ data: { price: "1" } });
  assert.equal(await form.isValid(), true);
  assert.equal(form.cleanedData.price, 5);
  assert.deepEqual(form.changedData, []);
});

test("one form's changes to its fields are not another's", () => {
  const form = new Order();
  form.fields.get("drink")!.required = false;
  form.fields.get("drink")!.widget.attrs = { class: "wide" };
  form.fields.delete("size");
  const other = new Order();
  assert.equal(other.drink.required, true);
  assert.match(String(other.drink.toHtml()), /^<input type="text" name="drink" maxlength="20" required id="id_drink">$/);
  assert.equal(other.fields.size, 4);
});

test("forms are extended with the fields of others", async () => {
  class Login extends Form({ name: charField(), password: charField({ widget: passwordInput }) }) {
    cleanName(name: string) {
      return name.toLowerCase();
    }
  }
  class Next extends Login {}
  const form = new Next({ data: { name: "ADA", password: "x" } });
  await form.isValid();
  assert.equal(form.cleanedData.name, "ada");
  assert.equal(String(form.password.toHtml()).includes("value"), false);
});

test("errors can be added afterwards, and take the value away", async () => {
  const form = new Order({ data: { drink: "Latte", size: "s" } });
  await form.isValid();
  form.addError("drink", "Sold out.");
  form.addError(null, new ValidationError({ size: "Only large cups are left." }));
  assert.deepEqual([...form.errorsOf("drink")], ["Sold out."]);
  assert.deepEqual(Object.keys(form.cleanedData), ["cups", "isIce"]);
  assert.equal(await form.isValid(), false);
});

test("a hidden field's refusal is shown above the form", async () => {
  class Hidden extends Form({ key: charField({ widget: hiddenInput }) }) {}
  const form = new Hidden({ data: { key: "" } });
  assert.equal(
    String(await form.asP),
    '<ul class="errorlist nonfield"><li>(Hidden field key) This field is required.</li></ul><p><input type="hidden" name="key" id="id_key"></p>',
  );
});

test("reading errors or clean values before validating is refused", () => {
  const form = new Order({ data: {} });
  for (const [used, read] of [
    ["errors", () => form.errors],
    ["nonFieldErrors", () => form.nonFieldErrors],
    ["cleanedData", () => form.cleanedData],
  ] as const)
    assert.throws(read, {
      code: "FORMS_NOT_VALIDATED",
      message: `Order: ${used} was read before the form was validated.`,
      hint: "Ask first: if (await form.isValid()) { … }",
    });
});

test("the clean values of a form to which nothing was submitted are refused", () => {
  assert.throws(() => new Order().cleanedData, {
    code: "FORMS_NOT_BOUND",
    message: "Order: cleanedData was read, but nothing was submitted to the form.",
    hint: "Give it the submitted values: new Order({ data }), or await Order.from(request).",
  });
});

test("an unknown field is refused with the nearest name", async () => {
  const form = new Order({ data: {} });
  const refusal = {
    code: "FORMS_UNKNOWN_FIELD",
    message: 'Order has no field "drinks". Its fields are: drink, size, cups, isIce.',
    hint: 'Did you mean "drink"?',
  };
  assert.throws(() => form.boundField("drinks"), refusal);
  await form.isValid();
  assert.throws(() => form.addError("drinks", "No."), refusal);
});

class Misspelt extends Form({ price: integerField() }) {
  cleanPrize(price: number) {
    return price;
  }
}

test("a clean method without a field is an error of the form and a finding of the check", async () => {
  const refusal = {
    code: "FORMS_UNKNOWN_CLEAN_METHOD",
    message: 'Misspelt.cleanPrize() cleans a field "prize" that the form does not have. Its fields are: price.',
    hint: 'Did you mean "price"?',
  };
  assert.throws(() => new Misspelt(), refusal);
  const project = { apps: [{ name: "shop", forms: { Misspelt, Order, other: 1 } }] };
  const found = await formsChecks(project as unknown as Parameters<typeof formsChecks>[0]);
  assert.deepEqual(found, [{ level: "error", object: "shop.Misspelt", ...refusal }]);
});

test("an e-mail field has its own input", () => {
  class Contact extends Form({ email: emailField() }) {}
  assert.equal(String(new Contact().email.toHtml()), '<input type="email" name="email" maxlength="320" required id="id_email">');
});
