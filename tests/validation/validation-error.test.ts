import assert from "node:assert/strict";
import { test } from "node:test";
import { fillMessage, ValidationError } from "cortado/validation";

test("a refusal has its message, code and parameters", () => {
  const error = new ValidationError("At most %(limit_value)s.", { code: "max_value", params: { limitValue: 3 } });
  assert.deepEqual(error.messages, ["At most 3."]);
  assert.deepEqual(error.codes, ["max_value"]);
  assert.equal(error.byField, undefined);
});

test("refusals in a list are read flat, each with its own code", () => {
  const inner = new ValidationError("Too long.", { code: "max_length" });
  const error = new ValidationError(["No.", inner, new ValidationError([inner, "Never."])]);
  assert.deepEqual(error.messages, ["No.", "Too long.", "Too long.", "Never."]);
  assert.deepEqual(error.codes, ["invalid", "max_length", "max_length", "invalid"]);
});

test("refusals by field are read by field and flat", () => {
  const error = new ValidationError({ name: ["Missing.", "Too short."], price: "Negative." });
  assert.deepEqual(error.byField!["name"]!.messages, ["Missing.", "Too short."]);
  assert.deepEqual(error.messages, ["Missing.", "Too short.", "Negative."]);
  assert.deepEqual(error.toJSON(), { name: ["Missing.", "Too short."], price: ["Negative."] });
});

test("a refusal that belongs to no field stands under __all__ in JSON", () => {
  assert.equal(JSON.stringify(new ValidationError("Closed.")), '{"__all__":["Closed."]}');
});

test("a message fills in Django's placeholders and leaves unknown ones alone", () => {
  assert.equal(fillMessage("%(max_length)d of %(other)s, 100%%", { maxLength: 5 }), "5 of %(other)s, 100%");
});

test("a value that is put into a message is not read as a placeholder again", () => {
  assert.equal(fillMessage("%(value)s", { value: "%(secret)s", secret: "s3" }), "%(secret)s");
});

test("an error that nobody caught can be logged: it does not hold itself", () => {
  const error = new ValidationError("A price is not negative.");
  assert.doesNotThrow(() => structuredClone({ ...error }));
  assert.deepEqual(Object.values(error).includes(error), false);
  assert.deepEqual(error.errors, [error]);
});
