import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type BaseForm,
  charField,
  dateField,
  Form,
  integerField,
  ModelForm,
  rangeField,
  simpleArrayField,
  splitArrayField,
} from "cortado/forms";
import { buildModel, char, clearModels, date, integer, manager, Model } from "cortado/orm";
import { array, citext, dateTimeRange, decimalRange, hstore, integerRange, Range, tsvector } from "cortado/orm/postgres";
import { Temporal } from "cortado/validation";
import { onPostgres, openPostgres } from "../orm/postgres/open-postgres.ts";

class Party extends Form({
  tags: simpleArrayField({ base: charField({ maxLength: 5 }), maxLength: 3, required: false }),
  numbers: simpleArrayField({ base: integerField(), delimiter: "|", minLength: 2 }),
  split: splitArrayField({ base: integerField({ required: false }), size: 3, removeTrailingNulls: true, required: false }),
  ages: rangeField({ base: integerField({ minValue: 0 }), required: false }),
}) {}

const errorsOf = async (form: BaseForm) => ((await form.isValid()) ? {} : (JSON.parse(JSON.stringify(form.errors)) as object));

test("lists come from one line, or from an input for each item", async () => {
  const form = new Party({ data: { tags: "hot, new", numbers: "1 | 2|3", split_0: "7", split_2: "" } });
  assert.deepEqual(await errorsOf(form), {});
  assert.deepEqual(form.cleanedData["tags"], ["hot", "new"]);
  assert.deepEqual(form.cleanedData["numbers"], [1, 2, 3]);
  assert.deepEqual(form.cleanedData["split"], [7]);
  assert.equal(form.cleanedData["ages"], null);
  const empty = new Party({ data: { tags: "", numbers: "1|2" } });
  assert.deepEqual(await errorsOf(empty), {});
  assert.deepEqual(empty.cleanedData["tags"], []);
});

test("each item is checked, and the number of them", async () => {
  const form = new Party({ data: { tags: "hot, lukewarm, a, b", numbers: "1", split_0: "x", ages_0: "9", ages_1: "5" } });
  const errors = JSON.stringify(await errorsOf(form));
  for (const message of [
    "Item 2 in the array did not validate: Ensure this value has at most 5 characters (it has 8).",
    "Ensure this list has at least 2 items.",
    "Item 1 in the array did not validate: Enter a whole number.",
    "The start of the range must not exceed the end of the range.",
  ])
    assert.ok(errors.includes(message), `${message} is not in ${errors}`);
});

test("a range is asked for as two bounds, of which one may be missing", async () => {
  const form = new Party({ data: { numbers: "1|2", ages_0: "5", ages_1: "" } });
  assert.deepEqual(await errorsOf(form), {});
  assert.deepEqual(form.cleanedData["ages"], [5, null]);
  const days = rangeField({ base: dateField() });
  assert.deepEqual((await days.clean(["2026-01-01", "2026-01-02"])).map(String), ["2026-01-01", "2026-01-02"]);
  assert.equal(days.hasChanged(new Range(Temporal.PlainDate.from("2026-01-01"), null), ["2026-01-01", ""]), false);
  assert.equal(days.hasChanged(new Range(Temporal.PlainDate.from("2026-01-01"), null), ["2026-01-02", ""]), true);
});

test("a list is shown as it is written, and known when it is unchanged", async () => {
  const tags = simpleArrayField({ base: integerField() });
  assert.equal(tags.prepare([1, 2]), "1,2");
  assert.equal(tags.hasChanged([1, 2], "1, 2"), false);
  assert.equal(tags.hasChanged([1, 2], "1,3"), true);
  const html = String(await new Party({ initial: { ages: [18, 30], tags: ["<b>"], split: [1, 2] } }).asP);
  assert.match(html, /name="ages_0"[^>]*value="18"/);
  assert.match(html, /name="ages_1"[^>]*value="30"/);
  assert.match(html, /name="split_1"[^>]*value="2"/);
  assert.match(html, /value="&lt;b&gt;"/);
});

test("the fields of a model have forms of their kinds", async () => {
  clearModels();
  const Offer = buildModel({
    app: "cafe",
    name: "Offer",
    fields: {
      name: char({ maxLength: 10 }),
      tags: array(char({ maxLength: 5 }), { size: 2, blank: true }),
      days: array(date(), { blank: true }),
      board: array(array(integer()), { null: true, blank: true }),
      ages: integerRange({ null: true, blank: true }),
      prices: decimalRange({ null: true, blank: true, defaultBounds: "[]" }),
      during: dateTimeRange({ null: true, blank: true }),
      labels: hstore({ blank: true, default: () => ({}) }),
      code: citext({ blank: true }),
      words: tsvector({ null: true }),
    },
  });
  class OfferForm extends ModelForm(Offer, { fields: "all" }) {}
  const data = {
    name: "a",
    tags: "a, b",
    days: "2026-01-01",
    board: "[[1, 2]]",
    ages_0: "1",
    ages_1: "5",
    prices_0: "1.5",
    prices_1: "",
    labels: '{"size": "10"}',
    code: "X",
  };
  const form = new OfferForm({ data });
  assert.equal(form.fields.has("words"), false);
  await form.isValid();
  assert.deepEqual(JSON.parse(JSON.stringify(form.errors)), {});
  const { tags, days, board, ages, prices, during, labels } = form.cleanedData as Record<string, any>;
  assert.deepEqual([tags, days.map(String), board, labels, during], [["a", "b"], ["2026-01-01"], [[1, 2]], { size: "10" }, null]);
  assert.deepEqual([String(ages), String(prices)], ["[1,5)", "[1.5,]"]);
  const refused = new OfferForm({ data: { ...data, tags: "a, b, c" } });
  assert.equal(await refused.isValid(), false);
  clearModels();
});

class Trip extends Model({
  tags: array(char({ maxLength: 5 }), { size: 2, default: () => [], blank: true }),
  board: array(array(integer()), { null: true, blank: true }),
  ages: integerRange({ null: true, blank: true }),
  during: dateTimeRange({ null: true, blank: true }),
  labels: hstore({ blank: true, default: () => ({}) }),
  code: citext({ blank: true, default: "" }),
}) {
  static objects = manager(this);
}

test("a form of a model saves its lists, ranges and maps, and shows them again", onPostgres, async () => {
  const db = await openPostgres({ Trip }, ["hstore", "citext"]);
  class TripForm extends ModelForm(Trip, { fields: "all" }) {}
  const data = {
    tags: "a, b",
    board: "[[1, 2], [3, 4]]",
    ages_0: "1",
    ages_1: "5",
    during_0: "2026-01-01 10:00:00",
    during_1: "",
    labels: '{"size": "10"}',
    code: "X",
  };
  const form = new TripForm({ data });
  assert.equal(await form.isValid(), true, JSON.stringify(form.errors));
  const { id } = await form.save();
  const trip = await Trip.objects.get({ id });
  assert.deepEqual([trip.tags, trip.board, String(trip.ages), trip.labels], [["a", "b"], [[1, 2], [3, 4]], "[1,5)", { size: "10" }]); // oxfmt-ignore
  assert.equal(trip.during!.lower!.toISOString(), "2026-01-01T10:00:00.000Z");
  const again = new TripForm({ instance: trip, data });
  assert.equal(await again.isValid(), true);
  assert.deepEqual(again.changedData, []);
  const html = String(await new TripForm({ instance: trip }).asP);
  for (const shown of ['value="a,b"', 'name="ages_1" value="5"', "[[1,2],[3,4]]", 'name="during_0" value="2026-01-01 10:00:00"'])
    assert.ok(html.includes(shown), `${shown} is not in\n${html}`);
  await db.close();
});
