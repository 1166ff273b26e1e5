import assert from "node:assert/strict";
import { test } from "node:test";
import type { ValidationError } from "cortado/validation";
import { Decimal, decimal, decimalValidator, isDecimal, Temporal } from "cortado/validation";

test("decimals are exact", () => {
  assert.equal(decimal("0.1").plus("0.2").toString(), "0.3");
  assert.equal(decimal("99999999999999999999.99").times(2).toString(), "199999999999999999999.98");
});

test("a decimal prints without an exponent, however small", () => {
  assert.equal(decimal("1e-9").toString(), "0.000000001");
  assert.equal(new Decimal("1e21").toString(), "1000000000000000000000");
});

test("isDecimal tells a decimal from what looks like one", () => {
  assert.equal(isDecimal(decimal("1")), true);
  assert.equal(isDecimal(1), false);
  assert.equal(isDecimal({ c: [1], e: 0, s: 1 }), false);
});

for (const text of ["NaN", "Infinity", "-Infinity", "sNaN", "", " ", "1_000", "1 0", "0x10", "1,5", "--1", "1e9999", "１"]) {
  test(`${JSON.stringify(text)} is not a decimal number`, () => {
    assert.throws(() => decimal(text), {
      code: "VALIDATION_BAD_DECIMAL",
      message: `${JSON.stringify(text)} is not a decimal number.`,
      hint: 'Write digits with at most one point and an optional exponent: "12.50", "-3", "1e-7".',
    });
  });
}

const digits = (value: string, maxDigits: number | null, decimalPlaces: number | null) => () =>
  decimalValidator({ maxDigits, decimalPlaces })(decimal(value));
const refuses = (message: string) => (error: unknown) => {
  assert.deepEqual((error as ValidationError).messages, [message]);
  return true;
};

test("a decimal's digits are counted in all, behind and before the point", () => {
  assert.throws(digits("123.4", 3, 1), refuses("Ensure that there are no more than 3 digits in total."));
  assert.throws(digits("1.23", 5, 1), refuses("Ensure that there are no more than 1 decimal place."));
  assert.throws(digits("123", 3, 2), refuses("Ensure that there are no more than 1 digit before the decimal point."));
  digits("0.00070", 5, 5)();
  digits("7e17", 20, 2)();
  digits("-99.99", 4, 2)();
});

test("Temporal stands beside it", () => {
  assert.equal(Temporal.PlainDate.from("2026-02-28").add({ days: 1 }).toString(), "2026-03-01");
});
