import assert from "node:assert/strict";
import { test } from "node:test";
import { dayName, formatNumber, formatsOf, monthName, overrideLanguage, useI18n } from "cortado/i18n";

test("numbers are written as the language writes them", () => {
  const write = (language: string) => formatNumber(-1234567.891, { language, grouping: true, decimals: 2 });
  assert.equal(write("en"), "-1,234,567.89");
  assert.equal(write("de"), "-1.234.567,89");
  assert.equal(write("fr"), "-1\u00a0234\u00a0567,89");
  assert.equal(write("hi"), "-12,34,567.89");
  assert.equal(overrideLanguage("de", () => formatNumber(1.5)), "1,5"); // prettier-ignore
});

test("digits are cut off and filled up, whatever the number's size", () => {
  assert.equal(formatNumber(9e-10, { decimals: 10 }), "0.0000000009");
  assert.equal(formatNumber(1e21, { grouping: true }), "1,000,000,000,000,000,000,000");
  assert.equal(formatNumber("-0.001", { decimals: 2 }), "0.00");
  assert.equal(formatNumber(12n, { decimals: 1 }), "12.0");
  assert.equal(formatNumber("1e400"), "1e400");
  assert.equal(formatNumber("1e99999999"), "1e99999999");
  assert.equal(formatNumber("no number"), "no number");
  assert.equal(formatNumber(Number.NaN), "NaN");
});

test("the setting useThousandSeparator separates thousands everywhere", (t) => {
  useI18n({ useThousandSeparator: true });
  t.after(() => useI18n({}));
  assert.equal(formatNumber(1234), "1,234");
  assert.equal(formatNumber(1234, { grouping: false }), "1234");
});

test("months and days have names in every language, in the forms that it has", () => {
  assert.deepEqual([monthName(3, "full", "de"), monthName(9, "newspaper", "en"), monthName(3, "besideDay", "ru"), monthName(3, "full", "ru")], ["März", "Sept.", "марта", "март"]); // prettier-ignore
  assert.deepEqual([monthName(3, "full", "ko"), monthName(3, "abbreviated", "zh-hans"), monthName(3, "newspaper", "cs")], ["3월", "3月", "bře"]); // prettier-ignore
  assert.deepEqual([dayName(0, "full", "fr"), dayName(1, "abbreviated", "ko"), dayName(6)], ["dimanche", "월", "Saturday"]);
  assert.equal(monthName(13), "");
});

test("formats of the usual languages are known, of others they are derived", () => {
  assert.equal(formatsOf("ko").dateFormat, "Y년 n월 j일");
  assert.equal(formatsOf("de-at").shortDateFormat, "d.m.Y");
  assert.deepEqual(formatsOf("de").dateInputFormats, ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"]);
  assert.deepEqual(formatsOf("de").dateTimeInputFormats.slice(0, 3), ["%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S.%f", "%d.%m.%Y %H:%M"]); // prettier-ignore
  const { dateFormat, timeFormat, decimalSeparator, firstDayOfWeek } = formatsOf("et");
  assert.deepEqual({ dateFormat, timeFormat, decimalSeparator, firstDayOfWeek }, { dateFormat: "j. E Y", timeFormat: "H:i", decimalSeparator: ",", firstDayOfWeek: 1 }); // prettier-ignore
  for (const code of ["not a language", "constructor", "__proto__", "toString", ""]) {
    assert.equal(formatsOf(code).decimalSeparator, ".", code);
    assert.equal(monthName(1, "full", code), "January", code);
  }
});

test("a project may have formats of its own, for a language or for all", (t) => {
  useI18n({ formats: { "*": { firstDayOfWeek: 3 }, de: { dateFormat: "d.m.y" } } });
  t.after(() => useI18n({}));
  assert.equal(formatsOf("de").dateFormat, "d.m.y");
  assert.deepEqual([formatsOf("de").firstDayOfWeek, formatsOf("en").firstDayOfWeek], [3, 3]);
});
