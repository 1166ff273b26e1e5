import assert from "node:assert/strict";
import { test } from "node:test";
import { charField, dateField, dateInput, decimalField, integerField, jsonField, regexField, splitDateTimeField, splitHiddenDateTimeWidget } from "cortado/forms"; // prettier-ignore
import { ValidationError } from "cortado/validation";

/** The codes of a refusal. */
async function codesOf(answer: Promise<unknown>): Promise<readonly (string | undefined)[]> {
  const error: unknown = await answer.catch((refused: unknown) => refused);
  assert.ok(error instanceof ValidationError);
  return error.codes;
}

test("digits of every script are digits", async () => {
  assert.equal(await integerField().clean("٣"), 3);
  assert.equal(await integerField().clean("-１２"), -12);
  assert.equal(String(await decimalField().clean("१२.५")), "12.5");
  assert.deepEqual(await codesOf(integerField().clean("½")), ["invalid"]);
});

test("a text that is too long and of the wrong form is told so in this order", async () => {
  assert.deepEqual(await codesOf(regexField({ regex: /^\d+$/, maxLength: 3 }).clean("abcd")), ["max_length", "invalid"]);
});

test("a date that was left empty is shown as an empty value", async () => {
  assert.equal(String(await dateInput().render("day", "", {})), '<input type="text" name="day" value="">');
  assert.equal(String(await dateInput().render("day", null, {})), '<input type="text" name="day">');
  const hidden = String(await splitHiddenDateTimeWidget().render("at", ["", "10:00"], {}));
  assert.match(hidden, /<input type="hidden" name="at_0" value="">.*<input type="hidden" name="at_1" value="10:00">/s);
});

test("JSON is shown on one line, with room to read it", () => {
  assert.equal(jsonField().prepare({ a: [1, "x, y:\n"], b: {} }), '{"a": [1, "x, y:\\n"], "b": {}}');
});

test("a disabled field takes its initial value, and needs one", async () => {
  assert.equal(await jsonField({ disabled: true }).clean("no JSON"), "no JSON");
  assert.deepEqual(await codesOf(splitDateTimeField({ disabled: true }).clean(null)), ["required"]);
  assert.equal(await splitDateTimeField({ disabled: true, required: false }).clean(null), null);
  assert.deepEqual(await codesOf(dateField({ disabled: true }).clean(null)), ["required"]);
  assert.equal(await charField({ disabled: true }).clean("kept"), "kept");
});
