import assert from "node:assert/strict";
import { test } from "node:test";
import { char, date, integer, integerChoices, textChoices, valueChoices } from "cortado/orm";
import { Temporal, ValidationError } from "cortado/validation";

const Country = textChoices({ KOREA: ["KR", "Republic of Korea"], SOUTH_AFRICA: "ZA" });
const Level = integerChoices({ LOW: 1, HIGH: [2, "Very high"] });

test("textChoices knows its members by name, and their values, labels and pairs", () => {
  const korea: "KR" = Country.KOREA;
  assert.equal(korea, "KR");
  assert.deepEqual(Country.values, ["KR", "ZA"]);
  assert.deepEqual(Country.labels, ["Republic of Korea", "South Africa"]);
  assert.deepEqual(Country.names, ["KOREA", "SOUTH_AFRICA"]);
  assert.deepEqual(Country.choices, [
    ["KR", "Republic of Korea"],
    ["ZA", "South Africa"],
  ]);
  assert.equal(Country.labelOf("ZA"), "South Africa");
  assert.equal(Country.labelOf("XX"), undefined);
  assert.ok(Country.has("KR") && !Country.has("KOREA"));
});

test("integerChoices keeps whole numbers", () => {
  const high: 2 = Level.HIGH;
  assert.equal(high, 2);
  assert.deepEqual(Level.choices, [
    [1, "Low"],
    [2, "Very high"],
  ]);
});

test("valueChoices keeps values of any type", () => {
  const Landing = valueChoices({ APOLLO_11: [Temporal.PlainDate.from("1969-07-20"), "Apollo 11"] });
  const field = date({ choices: Landing });
  assert.equal(String(field.clean("1969-07-20")), "1969-07-20");
  assert.throws(() => field.clean("1969-07-21"), ValidationError);
  assert.equal(field.displayOf(Temporal.PlainDate.from("1969-07-20")), "Apollo 11");
});

test("an empty label stands before the choices, and is what null shows", () => {
  const Size = textChoices({ SMALL: "S" }, { empty: "(unknown)" });
  assert.deepEqual(Size.choices, [
    [null, "(unknown)"],
    ["S", "Small"],
  ]);
  assert.deepEqual(Size.labels, ["Small"]);
  assert.equal(char({ choices: Size, null: true }).displayOf(null), "(unknown)");
});

test("a member cannot have the name of what every enumeration has", () => {
  assert.throws(() => textChoices({ values: "V" }), { code: "ORM_BAD_FIELD_OPTION", message: /values/, hint: /capitals/ });
});

test("a field takes choices as an object, pairs, plain values, groups, an enumeration or a function", () => {
  const shapes = [
    char({ choices: { KR: "Korea", ET: "Ethiopia" } }),
    char({ choices: [["KR", "Korea"], ["ET", "Ethiopia"]] }), // oxfmt-ignore
    char({ choices: { Asia: { KR: "Korea" }, Africa: { ET: "Ethiopia" } } }),
    char({ choices: [["Asia", [["KR", "Korea"]]], ["Africa", [["ET", "Ethiopia"]]]] }), // oxfmt-ignore
    char({ choices: textChoices({ KOREA: ["KR", "Korea"], ETHIOPIA: "ET" }) }),
    char({ choices: () => ({ KR: "Korea", ET: "Ethiopia" }) }),
  ];
  for (const field of shapes) {
    assert.deepEqual(field.flatChoices, [
      ["KR", "Korea"],
      ["ET", "Ethiopia"],
    ]);
    assert.equal(field.clean("KR"), "KR");
    assert.throws(() => field.clean("XX"), (error: ValidationError) => error.codes.includes("invalid_choice")); // oxfmt-ignore
    assert.equal(field.displayOf("ET"), "Ethiopia");
  }
  assert.deepEqual(shapes[2]!.choices, [
    ["Asia", [["KR", "Korea"]]],
    ["Africa", [["ET", "Ethiopia"]]],
  ]);
  assert.deepEqual(char({ choices: ["KR", "ET"] }).choices, [
    ["KR", "KR"],
    ["ET", "ET"],
  ]);
  assert.equal(integer({ choices: { 1: "one" } }).clean("1"), 1);
});

test("a function that gives choices is asked each time", () => {
  const offered: [string, string][] = [["a", "A"]];
  const field = char({ choices: () => offered });
  assert.throws(() => field.clean("b"), ValidationError);
  offered.push(["b", "B"]);
  assert.equal(field.clean("b"), "b");
});
