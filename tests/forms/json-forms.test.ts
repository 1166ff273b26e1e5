// One form for pages and for programs: what a request sends as JSON is bound like what a page sends.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";

class Order extends f.Form({
  drink: f.charField({ maxLength: 20 }),
  cups: f.integerField({ minValue: 1 }),
  isIce: f.booleanField({ required: false }),
  tags: f.multipleChoiceField({ choices: { hot: "Hot", sweet: "Sweet" }, required: false }),
  note: f.jsonField({ required: false }),
}) {}

const request = (type: string, body: unknown): f.FormRequest => ({
  method: "POST",
  headers: { "content-type": type },
  json: async () => body,
  form: async () => {
    const data = new URLSearchParams(body as string);
    return { data, files: new URLSearchParams() };
  },
});

test("a request in JSON is bound by the form's own fields, under names in either case", async () => {
  for (const name of ["isIce", "is_ice"]) {
    const body = { drink: "Latte", cups: 2, [name]: true, tags: ["hot"], note: { a: [1] } };
    const form = await Order.from(request("application/json; charset=utf-8", body));
    assert.equal(await form.isValid(), true, form.errors.asText());
    assert.deepEqual(form.cleanedData, { drink: "Latte", cups: 2, isIce: true, tags: ["hot"], note: { a: [1] } });
  }
  const form = await Order.from(request("application/vnd.api+json", { drink: "Latte", cups: "2" }));
  assert.equal(await form.isValid(), true);
});

test("what is wrong with it is told as JSON", async () => {
  const form = await Order.from(request("application/json", { drink: ["Latte"], cups: null, tags: "hot", isIce: "false" }));
  assert.equal(await form.isValid(), false);
  assert.deepEqual(form.errors.getJsonData(), {
    cups: [{ message: "This field is required.", code: "required" }],
    tags: [{ message: "Enter a list of values.", code: "invalid_list" }],
  });
  assert.deepEqual(form.cleanedData, { drink: "['Latte']", isIce: false, note: null });
});

test("a body that is no object leaves every field without an answer", async () => {
  for (const body of [null, [], "text", 3]) {
    const form = await Order.from(request("application/json", body));
    assert.equal(await form.isValid(), false);
    assert.deepEqual(Object.keys(form.errors), ["drink", "cups"]);
  }
});

test("a request with a form is read as one, whatever else it could be read as", async () => {
  const form = await Order.from(request("application/x-www-form-urlencoded", "drink=Latte&cups=2&tags=hot&tags=sweet&is_ice=on"));
  assert.equal(await form.isValid(), true);
  assert.deepEqual(form.cleanedData.tags, ["hot", "sweet"]);
  assert.equal(form.cleanedData.isIce, true);
  assert.equal((await Order.from({ ...request("application/json", {}), method: "GET" })).isBound, false);
});

test("what a page asks for in parts, programs give whole", async () => {
  class Shift extends f.Form({ at: f.splitDateTimeField(), span: f.rangeField({ base: f.integerField() }), day: f.dateField({ widget: f.selectDateWidget }) }) {} // prettier-ignore
  const form = await Shift.from(
    request("application/json", { at: "2025-07-01T12:00:00+09:00", span: [1, 4], day: "2025-07-01" }),
  );
  assert.equal(await form.isValid(), true, form.errors.asText());
  assert.deepEqual([form.cleanedData.at, form.cleanedData.span, String(form.cleanedData.day)], [new Date("2025-07-01T03:00:00Z"), [1, 4], "2025-07-01"]); // prettier-ignore
  const wrong = await Shift.from(request("application/json", { at: "soon", span: 3, day: {} }));
  assert.equal(await wrong.isValid(), false);
  assert.deepEqual(Object.keys(wrong.errors), ["at", "span", "day"]);
});
