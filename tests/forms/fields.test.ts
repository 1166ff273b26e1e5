import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import { Temporal, ValidationError } from "cortado/validation";

const refused = async (field: f.Field<any>, value: unknown): Promise<string[]> => {
  try {
    await field.clean(value);
  } catch (error) {
    assert.ok(error instanceof ValidationError, String(error));
    return error.messages;
  }
  return [];
};

test("text is trimmed unless it shall not be", async () => {
  assert.equal(await f.charField().clean("  Latte "), "Latte");
  assert.equal(await f.charField({ strip: false }).clean(" Latte "), " Latte ");
  assert.deepEqual(await refused(f.charField(), "   "), ["This field is required."]);
  assert.equal(await f.charField({ required: false, emptyValue: null }).clean(""), null);
});

test("a field's own words replace a validator's", async () => {
  const field = f.charField({ maxLength: 3, errorMessages: { max_length: "At most %(limit_value)s, not %(show_value)s." } });
  assert.deepEqual(await refused(field, "abcd"), ["At most 3, not 4."]);
});

test("every validator that refuses is heard", async () => {
  const no = (text: string) => () => {
    throw new ValidationError(text);
  };
  assert.deepEqual(await refused(f.charField({ validators: [no("One."), no("Two.")] }), "x"), ["One.", "Two."]);
});

test("what a validator breaks on is not taken for a refusal", async () => {
  const field = f.charField({
    validators: [
      () => {
        throw new TypeError("a bug");
      },
    ],
  });
  await assert.rejects(field.clean("x"), TypeError);
});

test("a whole number is exact or refused", async () => {
  assert.equal(await f.integerField().clean(" 42 "), 42);
  assert.equal(await f.integerField().clean("4.00"), 4);
  assert.equal(await f.integerField({ required: false }).clean(""), null);
  for (const text of ["4.5", "1e3", "0x10", "12abc", "9007199254740993", "1,000"])
    assert.deepEqual(await refused(f.integerField(), text), ["Enter a whole number."], text);
  assert.equal(await f.bigIntegerField().clean("9007199254740993"), 9007199254740993n);
});

test("floating point numbers are finite", async () => {
  assert.equal(await f.floatField().clean("1.5e3"), 1500);
  for (const text of ["NaN", "Infinity", "1e999", "0x1p3", ""])
    assert.equal((await refused(f.floatField(), text)).length, 1, text);
});

test("decimals keep their digits", async () => {
  const price = await f.decimalField({ maxDigits: 6, decimalPlaces: 2 }).clean("1234.50");
  assert.equal(price.toFixed(2), "1234.50");
  assert.deepEqual(await refused(f.decimalField({ decimalPlaces: 2 }), "0.001"), [
    "Ensure that there are no more than 2 decimal places.",
  ]);
});

test("limits and steps are refused in Django's words and given to the browser", async () => {
  const field = f.integerField({ minValue: 1, maxValue: 9, stepSize: 2 });
  assert.deepEqual(await refused(field, "10"), [
    "Ensure this value is less than or equal to 9.",
    "Ensure this value is a multiple of step size 2, starting from 1, e.g. 1, 3, 5, and so on.",
  ]);
  assert.equal(String(await field.widget.render("n", 3)), '<input type="number" name="n" value="3" min="1" max="9" step="2">');
});

test("yes, no and unknown", async () => {
  assert.equal(await f.booleanField({ required: false }).clean(undefined), false);
  assert.equal(await f.booleanField().clean("on"), true);
  assert.deepEqual(await refused(f.booleanField(), false), ["This field is required."]);
  assert.equal(await f.nullBooleanField().clean("unknown"), null);
});

test("dates are read in Django's formats, and only days that exist", async () => {
  for (const text of ["2006-10-25", "10/25/2006", "10/25/06", "Oct 25 2006", "25 October, 2006"])
    assert.equal(String(await f.dateField().clean(text)), "2006-10-25", text);
  for (const text of ["2006-02-30", "25/10/2006", "tomorrow", "2006-13-01"])
    assert.deepEqual(await refused(f.dateField(), text), ["Enter a valid date."], text);
  assert.equal(String(await f.dateField({ inputFormats: ["%d.%m.%Y"] }).clean("25.10.2006")), "2006-10-25");
});

test("times and moments are read, with offsets where they are given", async () => {
  assert.equal(String(await f.timeField().clean("14:25:01.5")), "14:25:01.5");
  const at = async (text: string) => (await f.dateTimeField().clean(text)).toISOString();
  assert.equal(await at("2006-10-25 14:30"), "2006-10-25T14:30:00.000Z");
  assert.equal(await at("2006-10-25T14:30:45.2+02:00"), "2006-10-25T12:30:45.200Z");
  assert.equal(await at("10/25/2006 14:30"), "2006-10-25T14:30:00.000Z");
  assert.equal(await at("2006-10-25"), "2006-10-25T00:00:00.000Z");
  assert.deepEqual(await refused(f.dateTimeField(), "2006-10-25 25:00"), ["Enter a valid date/time."]);
});

test("durations are read as clocks and as ISO 8601, and written as they are read", async () => {
  const read = async (text: string) => String(await f.durationField().clean(text));
  assert.equal(await read("90"), "PT1M30S");
  assert.equal(await read("1 02:03:04.5"), "P1DT2H3M4.5S");
  assert.equal(await read("-0:30:00"), "-PT30M");
  assert.equal(await read("P1DT2H"), "P1DT2H");
  assert.deepEqual(await refused(f.durationField(), "soon"), ["Enter a valid duration."]);
  assert.equal(f.durationField().prepare(Temporal.Duration.from("P1DT2H3M4S")), "1 02:03:04");
});

test("a choice is one of those on offer, in a group or not, from a list, an object or a promise", async () => {
  const sources: f.ChoiceSource[] = [
    { a: "A", Group: { b: "B" } },
    [
      ["a", "A"],
      ["Group", [["b", "B"]]],
    ],
    () => [
      ["a", "A"],
      ["b", "B"],
    ],
    async () => ({ a: "A", b: "B" }),
  ];
  for (const choices of sources) {
    assert.equal(await f.choiceField({ choices }).clean("b"), "b");
    assert.deepEqual(await refused(f.choiceField({ choices }), "c"), [
      "Select a valid choice. c is not one of the available choices.",
    ]);
  }
});

test("a typed choice is turned into a value", async () => {
  const field = f.typedChoiceField({ choices: { 1: "One", 2: "Two" }, coerce: Number, required: false, emptyValue: null });
  assert.equal(await field.clean("2"), 2);
  assert.equal(await field.clean(""), null);
});

test("several choices are a list without strangers", async () => {
  const field = f.multipleChoiceField({ choices: { a: "A", b: "B" } });
  assert.deepEqual(await field.clean(["b", "a"]), ["b", "a"]);
  assert.deepEqual(await refused(field, ["a", "x"]), ["Select a valid choice. x is not one of the available choices."]);
  assert.deepEqual(await refused(field, "a"), ["Enter a list of values."]);
  assert.equal(field.hasChanged(["a", "b"], ["b", "a"]), false);
});

test("addresses, slugs, patterns and identifiers", async () => {
  assert.equal(await f.emailField().clean(" ada@example.com "), "ada@example.com");
  assert.equal(await f.urlField().clean("example.com/x"), "https://example.com/x");
  assert.deepEqual(await refused(f.urlField(), "javascript:alert(1)"), ["Enter a valid URL."]);
  assert.deepEqual(await refused(f.slugField(), "a b"), [
    "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.",
  ]);
  assert.equal(await f.slugField({ allowUnicode: true }).clean("你好"), "你好");
  assert.deepEqual(await refused(f.regexField({ regex: /^[A-Z]{2}$/ }), "abc"), ["Enter a valid value."]);
  assert.equal(await f.uuidField().clean("550E8400E29B41D4A716446655440000"), "550e8400-e29b-41d4-a716-446655440000");
  assert.equal(await f.genericIPAddressField({ unpackIpv4: true }).clean("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(await f.genericIPAddressField().clean("2001:0:0:0:0:0:0ab1:0c"), "2001::ab1:c");
});

test("JSON is kept as JSON, and what cannot be read is shown again as it was typed", async () => {
  assert.deepEqual(await f.jsonField().clean('{"a": [1]}'), { a: [1] });
  assert.equal(await f.jsonField({ required: false }).clean(""), null);
  assert.deepEqual(await refused(f.jsonField(), "{a"), ["Enter a valid JSON."]);
  const field = f.jsonField();
  assert.equal(field.prepare(field.boundValue("{a", undefined)), "{a");
  assert.equal(field.hasChanged({ a: 1, b: 2 }, '{"b": 2, "a": 1}'), false);
});

test("a date and a time in two inputs are one moment", async () => {
  const field = f.splitDateTimeField();
  assert.equal((await field.clean(["2006-01-10", "07:30"])).toISOString(), "2006-01-10T07:30:00.000Z");
  assert.deepEqual(await refused(field, ["hello", "there"]), ["Enter a valid date.", "Enter a valid time."]);
});

test("several fields can judge one value", async () => {
  const field = f.comboField({ fields: [f.charField({ maxLength: 20 }), f.emailField()] });
  assert.equal(await field.clean("a@example.com"), "a@example.com");
  assert.deepEqual(await refused(field, "longemailaddress@example.com"), [
    "Ensure this value has at most 20 characters (it has 28).",
  ]);
});
