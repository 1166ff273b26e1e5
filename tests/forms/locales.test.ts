// What a person reads and types in a form is in their language, their formats and their time zone.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import * as f from "cortado/forms";
import { overrideLanguage, overrideTimeZone, useI18n } from "cortado/i18n";
import { Decimal, Temporal } from "cortado/validation";

const german = `
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"
msgid "Enter a valid date."
msgstr "Kein Datum."
msgid "This field is required."
msgstr "Bitte ausfüllen."
msgid "Yes"
msgstr "Ja"
msgid "Currently"
msgstr "Zurzeit"
msgid "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."
msgid_plural "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d)."
msgstr[0] "Höchstens ein Zeichen (es sind %(show_value)d)."
msgstr[1] "Höchstens %(limit_value)d Zeichen (es sind %(show_value)d)."
`;

afterEach(() => useI18n({}));

const inGerman = <T>(run: () => T): T => {
  useI18n({ catalogues: [{ language: "de", po: german }], useThousandSeparator: true });
  return overrideLanguage("de", run);
};

async function refusal(cleaning: Promise<unknown>): Promise<string[]> {
  const error = await cleaning.then(
    () => assert.fail("was accepted"),
    (thrown: unknown) => thrown,
  );
  return (error as { messages: string[] }).messages;
}

test("messages are in the language of the request, with its plurals", async () => {
  const [one, three] = [f.charField({ maxLength: 1 }), f.charField({ maxLength: 3 })];
  const day = f.dateField();
  await inGerman(async () => {
    assert.deepEqual(await refusal(day.clean("x")), ["Kein Datum."]);
    assert.deepEqual(await refusal(one.clean("")), ["Bitte ausfüllen."]);
    assert.deepEqual(await refusal(one.clean("ab")), ["Höchstens ein Zeichen (es sind 2)."]);
    assert.deepEqual(await refusal(three.clean("abcd")), ["Höchstens 3 Zeichen (es sind 4)."]);
    assert.match(String(await f.nullBooleanSelect().render("n", true)), /<option value="true" selected>Ja<\/option>/);
    assert.match(
      String(await f.clearableFileInput().render("f", { url: "/a", toString: () => "a" })),
      /^Zurzeit: <a href="\/a">a<\/a>/,
    );
  });
  assert.deepEqual(await refusal(day.clean("x")), ["Enter a valid date."]);
});

test("dates, times and moments are read and shown as the language writes them", async () => {
  const day = Temporal.PlainDate.from("2025-03-01");
  class Dates extends f.Form({ day: f.dateField({ initial: day }), at: f.timeField({ initial: Temporal.PlainTime.from("13:30") }), moment: f.dateTimeField({ initial: new Date("2025-03-01T13:30:00Z") }) }) {} // prettier-ignore
  await inGerman(async () => {
    const form = new Dates();
    assert.match(String(await form.day.toHtml()), /value="01\.03\.2025"/);
    assert.match(String(await form.at.toHtml()), /value="13:30:00"/);
    assert.match(String(await form.moment.toHtml()), /value="01\.03\.2025 13:30:00"/);
    const sent = new Dates({ data: { day: "1.3.2025", at: "13:30", moment: "01.03.2025 13:30" } });
    assert.equal(await sent.isValid(), true, sent.errors.asText());
    assert.deepEqual(sent.changedData, []);
    assert.equal(String(await f.dateField().clean("2025-03-01")), "2025-03-01"); // ISO is read in every language
  });
  assert.match(String(await new Dates().day.toHtml()), /value="2025-03-01"/);
});

test("a browser's own picker is given what it reads, in every language", async () => {
  await inGerman(async () => {
    const day = Temporal.PlainDate.from("2025-03-01");
    assert.match(
      String(await f.dateInput({ attrs: { type: "date" } }).render("d", day)),
      /type="date" name="d" value="2025-03-01"/,
    );
    assert.match(
      String(await f.timeInput({ attrs: { type: "time" } }).render("d", Temporal.PlainTime.from("09:05"))),
      /value="09:05:00"/,
    );
    const moment = f.dateTimeInput({ attrs: { type: "datetime-local" } });
    assert.match(String(await moment.render("d", new Date("2025-03-01T13:30:00Z"))), /value="2025-03-01T13:30:00"/);
    assert.equal((await f.dateTimeField().clean("2025-03-01T13:30")).toISOString(), "2025-03-01T13:30:00.000Z");
  });
});

test("numbers are read and shown with the separators of the language where a field says so", async () => {
  await inGerman(async () => {
    const price = f.decimalField({ localize: true, maxDigits: 8, decimalPlaces: 2 });
    assert.equal(String(await price.clean("1.234,50")), "1234.5");
    assert.equal(String(await price.clean("1234,5")), "1234.5");
    assert.equal(await f.integerField({ localize: true }).clean("1.234.567"), 1_234_567);
    assert.equal(await f.floatField({ localize: true }).clean("1,5"), 1.5);
    assert.equal(await f.floatField().clean("1.5"), 1.5);
    class Price extends f.Form({ price: f.decimalField({ localize: true, decimalPlaces: 2, initial: new Decimal("1234.5") }), plain: f.floatField({ initial: 1.5 }) }) {} // prettier-ignore
    const form = new Price();
    assert.equal(String(await form.price.toHtml()), '<input type="text" name="price" value="1.234,50" required id="id_price">');
    assert.equal(
      String(await form.plain.toHtml()),
      '<input type="number" name="plain" value="1.5" step="any" required id="id_plain">',
    );
    assert.deepEqual(new Price({ data: { price: "1.234,50", plain: "1.5" } }).changedData, []);
  });
});

test("three selects stand in the order of the language, with its months", async () => {
  const widget = () => f.selectDateWidget({ years: [2024, 2025] });
  const order = async () => String(await widget().render("d", Temporal.PlainDate.from("2025-03-01"))).match(/name="d_\w+"/g);
  assert.deepEqual(await order(), ['name="d_month"', 'name="d_day"', 'name="d_year"']);
  await inGerman(async () => {
    assert.deepEqual(await order(), ['name="d_day"', 'name="d_month"', 'name="d_year"']);
    assert.match(String(await widget().render("d", "01.03.2025")), /<option value="3" selected>März<\/option>/);
    class Born extends f.Form({ day: f.dateField({ widget }) }) {}
    const form = new Born({ data: { day_year: "2025", day_month: "3", day_day: "1" } });
    assert.equal(await form.isValid(), true);
    assert.equal(String(form.cleanedData.day), "2025-03-01");
    assert.equal(form.day.idForLabel, "id_day_day");
  });
});

test("moments are read and shown in the time zone of the request", async () => {
  const noon = new Date("2025-07-01T12:00:00Z");
  class Meeting extends f.Form({ at: f.dateTimeField({ initial: noon }), split: f.splitDateTimeField({ initial: noon }) }) {}
  await overrideTimeZone("Asia/Seoul", async () => {
    const form = new Meeting();
    assert.match(String(await form.at.toHtml()), /value="2025-07-01 21:00:00"/);
    assert.match(String(await form.split.toHtml()), /value="2025-07-01".*value="21:00:00"/s);
    const sent = new Meeting({ data: { at: "2025-07-01 21:00:00", split_0: "2025-07-01", split_1: "21:00" } });
    assert.equal(await sent.isValid(), true);
    assert.deepEqual([sent.cleanedData.at, sent.cleanedData.split], [noon, noon]);
    assert.deepEqual(sent.changedData, []);
    assert.deepEqual(await f.dateTimeField().clean("2025-07-01T12:00:00Z"), noon);
  });
});

test("a moment that clocks show twice, or never, is refused", async () => {
  await overrideTimeZone("Europe/Berlin", async () => {
    for (const text of ["2025-03-30 02:30:00", "2025-10-26 02:30:00"])
      await assert.rejects(f.dateTimeField().clean(text), {
        messages: [`${text} couldn’t be interpreted in time zone Europe/Berlin; it may be ambiguous or it may not exist.`],
        codes: ["ambiguous_timezone"],
      });
    assert.equal((await f.dateTimeField().clean("2025-03-30 03:30")).toISOString(), "2025-03-30T01:30:00.000Z");
  });
});

test("a moment's fractions of a second are no change where the page could not show them", async () => {
  class Exact extends f.Form({ at: f.dateTimeField({ initial: () => new Date("2025-07-01T12:00:00.123Z") }) }) {}
  const form = new Exact({ data: { at: "2025-07-01 12:00:00" } });
  assert.equal(form.hasChanged(), false);
  assert.deepEqual(form.at.initial, new Date("2025-07-01T12:00:00Z"));
});
