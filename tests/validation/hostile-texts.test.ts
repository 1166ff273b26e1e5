// Texts that make careless patterns try every way to read them: each validator and each field answers, however long they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as f from "cortado/forms";
import * as v from "cortado/validation";

const long = 100_000;
const times = (part: string) => part.repeat(Math.ceil(long / part.length));

const hostile: Record<string, string> = {
  letters: times("a"),
  "letters and a sign": `${times("a")}!`,
  digits: times("1"),
  "digits and a letter": `${times("1")}x`,
  "hyphens and letters": `a${times("-a")}!`,
  labels: `${times("a.")}!`,
  "short labels": `a@${times("a.")}`,
  "signs of mailboxes": `${times("a.!#")}@example.com`,
  "a mailbox in quotes": `"${times('\\"')}@example.com`,
  "many ats": times("a@"),
  "an address with user and password": `http://${times("a:")}@example.com`,
  "an address with many colons": `http://${times(":")}`,
  "an address of labels": `http://${times("a-.")}com`,
  "an address with a query": `http://example.com/?${times("%20a=")} x`,
  "brackets of IPv6": `http://[${times("1:")}]/`,
  "groups of IPv6": times("1:"),
  "numbers with points": times("1."),
  "an exponent": `1e${times("9")}`,
  zeroes: `0.${times("0")}1`,
  "commas and digits": `${times("1,")}x`,
  spaces: `1${times(" ")}x`,
  "accents on a digit": `1${times("\u0301")}`,
  "brackets of JSON": times("["),
  "quotes of JSON": `"${times('\\"')}`,
  "days and colons": `${times("1 days, ")}1:`,
  colons: times("1:"),
  "a duration in ISO": `P${times("1D")}`,
  "hyphens of a date": times("2025-"),
  names: times("January "),
};

const patience = { timeout: 20_000 };

const validators: Record<string, v.Validator> = {
  validateEmail: v.validateEmail,
  validateUrl: v.validateUrl,
  validateDomainName: v.validateDomainName,
  validateSlug: v.validateSlug,
  validateUnicodeSlug: v.validateUnicodeSlug,
  validateIpv4Address: v.validateIpv4Address,
  validateIpv6Address: v.validateIpv6Address,
  validateIpv46Address: v.validateIpv46Address,
  validateInteger: v.validateInteger,
  validateCommaSeparatedIntegerList: v.validateCommaSeparatedIntegerList,
  "an integer list with a separator of two characters": v.integerListValidator({ separator: "--", allowNegative: true }),
  decimalValidator: v.decimalValidator({ maxDigits: 5, decimalPlaces: 2 }),
  prohibitNullCharactersValidator: v.prohibitNullCharactersValidator(),
  maxLengthValidator: v.maxLengthValidator(10),
};

for (const [name, validator] of Object.entries(validators)) {
  test(`${name} answers to every hostile text`, patience, () => {
    for (const text of Object.values(hostile)) {
      try {
        validator(text);
      } catch (error) {
        assert.ok(error instanceof v.ValidationError, String(error));
      }
    }
  });
}

const fields: Record<string, f.Field<any>> = {
  charField: f.charField(),
  emailField: f.emailField(),
  urlField: f.urlField(),
  slugField: f.slugField({ allowUnicode: true }),
  genericIPAddressField: f.genericIPAddressField(),
  integerField: f.integerField({ localize: true }),
  bigIntegerField: f.bigIntegerField(),
  floatField: f.floatField({ localize: true }),
  decimalField: f.decimalField({ maxDigits: 5, decimalPlaces: 2 }),
  dateField: f.dateField(),
  timeField: f.timeField(),
  dateTimeField: f.dateTimeField(),
  durationField: f.durationField(),
  uuidField: f.uuidField(),
  jsonField: f.jsonField(),
  nullBooleanField: f.nullBooleanField(),
  choiceField: f.choiceField({ choices: { a: "A" } }),
  simpleArrayField: f.simpleArrayField({ base: f.charField() }),
};

for (const [name, field] of Object.entries(fields)) {
  test(`${name} answers to every hostile text`, patience, async () => {
    for (const text of Object.values(hostile)) {
      try {
        await field.clean(text);
      } catch (error) {
        assert.ok(error instanceof v.ValidationError, `${text.slice(0, 20)}: ${String(error)}`);
      }
    }
  });
}
