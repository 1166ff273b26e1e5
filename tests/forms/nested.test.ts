import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { charField, Form, formField, formset, formsetField, integerField, multipleChoiceField } from "cortado/forms";

class Address extends Form({ street: charField(), city: charField({ maxLength: 5 }) }) {}
class Line extends Form({ coffee: charField(), count: integerField({ minValue: 1 }) }) {}
class Order extends Form({
  name: charField(),
  address: formField(Address),
  lines: formsetField(formset(Line, { minNum: 1, validateMin: true, extra: 0 })),
}) {}

const answer = { name: "Ada", address: { street: "Main St 1", city: "Seoul" }, lines: [{ coffee: "Latte", count: 2 }] };

test("objects and lists in JSON are forms inside a form", async () => {
  const order = new Order({ data: answer });
  assert.equal(await order.isValid(), true, JSON.stringify(order.errors));
  const { address, lines } = order.cleanedData;
  const city: string = address.city;
  const count: number = lines[0]!.count;
  assert.deepEqual([city, count], ["Seoul", 2]);
});

test("the same form reads a page's names", async () => {
  const data = new URLSearchParams({
    name: "Ada",
    "address-street": "Main St 1",
    "address-city": "Seoul",
    "lines-TOTAL_FORMS": "2",
    "lines-INITIAL_FORMS": "0",
    "lines-0-coffee": "Latte",
    "lines-0-count": "2",
    "lines-1-coffee": "Mocha",
    "lines-1-count": "1",
  });
  const order = new Order({ data });
  assert.equal(await order.isValid(), true, JSON.stringify(order.errors));
  assert.deepEqual(order.cleanedData.lines, [
    { coffee: "Latte", count: 2 },
    { coffee: "Mocha", count: 1 },
  ]);
});

test("refusals inside say where they are", async () => {
  const order = new Order({ data: { ...answer, address: { city: "Gyeongju" }, lines: [{ coffee: "Latte", count: 0 }, {}] } });
  assert.equal(await order.isValid(), false);
  assert.deepEqual(JSON.parse(JSON.stringify(order.errors)), {
    address: ["Street: This field is required.", "City: Ensure this value has at most 5 characters (it has 8)."],
    lines: [
      "Count: Ensure this value is greater than or equal to 1.",
      "Coffee: This field is required.",
      "Count: This field is required.",
    ],
  });
  assert.deepEqual(
    order.errors["lines"]!.refusals.map(({ params }) => params!["field"]),
    ["0.count", "1.coffee", "1.count"],
  );
});

test("what is no object or no list is refused, not read as one", async () => {
  for (const wrong of ["text", 3, true, [1]]) {
    const order = new Order({ data: { ...answer, address: wrong as never } });
    await order.isValid();
    assert.deepEqual(order.errors["address"]?.codes, ["invalid"], String(wrong));
  }
  for (const wrong of ["text", 3, true, [1], [null]]) {
    const order = new Order({ data: { ...answer, lines: wrong as never } });
    await order.isValid();
    assert.deepEqual(order.errors["lines"]?.codes, ["invalid_list"], JSON.stringify(wrong));
  }
});

test("a form inside that is not required may be left out", async () => {
  class Optional extends Form({ name: charField(), address: formField(Address, { required: false }) }) {}
  for (const data of [{ name: "Ada" }, { name: "Ada", address: null }, { name: "Ada", address: {} }]) {
    const form = new Optional({ data });
    assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
    assert.equal(form.cleanedData.address, null);
  }
  const half = new Optional({ data: { name: "Ada", address: { street: "Main St 1" } } });
  assert.equal(await half.isValid(), false);
});

test("a page shows the forms inside with their own errors, and nothing of an answer as markup", async () => {
  assert.match(String(await new Order({}).asDiv), /<fieldset>.*Address:.*name="address-street"/s);
  assert.match(String(await new Order({}).asDiv), /name="lines-TOTAL_FORMS" value="1"/);
  const attack = "<script>alert(1)</script>";
  const order = new Order({
    data: { ...answer, address: { street: attack, city: attack }, lines: [{ coffee: attack, count: attack }] },
  });
  const html = String(await order.asDiv);
  assert.doesNotMatch(html, /<script/);
  assert.match(html, /id="id_address-city_error"/);
});

test("lists of plain values come from JSON as they come from a page", async () => {
  class Choice extends Form({ sizes: multipleChoiceField({ choices: [["s", "S"], ["l", "L"]] }) }) {} // prettier-ignore
  for (const data of [{ sizes: ["s", "l"] }, new URLSearchParams("sizes=s&sizes=l")]) {
    const form = new Choice({ data });
    assert.equal(await form.isValid(), true);
    assert.deepEqual(form.cleanedData.sizes, ["s", "l"]);
  }
});

describe("hostile counts and shapes", () => {
  class Deep extends Form({ note: charField({ required: false }) }) {}
  class Part extends Form({ name: charField({ required: false }), notes: formsetField(formset(Deep)) }) {}
  class Whole extends Form({ parts: formsetField(formset(Part)) }) {}

  const claimed = (prefix: string, total: number): [string, string][] => [
    [`${prefix}-TOTAL_FORMS`, String(total)],
    [`${prefix}-INITIAL_FORMS`, "0"],
  ];

  test("forms inside forms are counted together: no short page asks for millions", { timeout: 20_000 }, async () => {
    const parts = Array.from({ length: 300 }, (_, at) => [
      [`parts-${at}-name`, "x"] as [string, string],
      ...claimed(`parts-${at}-notes`, 2000),
    ]);
    const data = new URLSearchParams([...claimed("parts", 300), ...parts.flat()]);
    const whole = new Whole({ data });
    assert.equal(await whole.isValid(), false);
    assert.match(whole.errors["parts"]![0]!, /Notes: Please submit at most 2000 forms\./);
    assert.ok(String(await whole.asDiv).length < 5_000_000);
  });

  test("nor does a list in JSON", { timeout: 20_000 }, async () => {
    const notes = Array.from({ length: 500 }, () => ({ note: "x" }));
    const whole = new Whole({ data: { parts: Array.from({ length: 500 }, () => ({ notes })) } });
    assert.equal(await whole.isValid(), false);
    assert.ok([...whole.errors["parts"]!].every((text) => text === "Notes: Please submit at most 2000 forms."));
    const few = new Whole({ data: { parts: Array.from({ length: 20 }, () => ({ notes: notes.slice(0, 50) })) } });
    assert.equal(await few.isValid(), true, JSON.stringify(few.errors));
    assert.equal(await few.isValid(), true);
  });

  test("an object that looks like what a formset is made with is none", async () => {
    const made = { data: { "p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0" }, prefix: "p", files: {}, origin: 1, initial: [{}] };
    for (const lines of [made, { ...made, formOptions: { emptyPermitted: true } }, { data: [{}], prefix: "p" }]) {
      const order = new Order({ data: { ...answer, lines } });
      assert.equal(await order.isValid(), false);
      assert.deepEqual(order.errors["lines"]!.refusals.map(({ code }) => code), ["invalid_list"]); // prettier-ignore
      assert.ok(!String(await order.asDiv).includes("p-0-"));
    }
  });
});
