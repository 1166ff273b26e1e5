import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "cortado/validation";

const messages = (check: () => void): string[] => {
  try {
    check();
    return [];
  } catch (error) {
    assert.ok(error instanceof v.ValidationError);
    return error.messages;
  }
};

test("limits compare numbers, big integers, decimals, dates and Temporal's types", () => {
  const { PlainDate, PlainTime } = v.Temporal;
  const pairs: [unknown, unknown][] = [
    [1, 2],
    [1n, 2],
    [v.decimal("0.1"), v.decimal("0.2")],
    [v.decimal("1.5"), 2],
    [new Date(1), new Date(2)],
    [PlainDate.from("2026-01-31"), PlainDate.from("2026-02-01")],
    [PlainTime.from("09:00"), PlainTime.from("10:00")],
    ["a", "b"],
  ];
  for (const [small, large] of pairs) {
    assert.equal(messages(() => v.maxValueValidator(small)(large)).length, 1, `${String(large)} is more than ${String(small)}`);
    assert.equal(messages(() => v.minValueValidator(large)(small)).length, 1);
    assert.deepEqual(
      messages(() => v.maxValueValidator(large)(large)),
      [],
    );
  }
});

test("a limit may be a function, asked at the time", () => {
  let limit = 1;
  const validator = v.maxValueValidator(() => limit);
  assert.deepEqual(
    messages(() => validator(2)),
    ["Ensure this value is less than or equal to 1."],
  );
  limit = 2;
  assert.deepEqual(
    messages(() => validator(2)),
    [],
  );
});

test("length counts characters, not code units", () => {
  assert.deepEqual(
    messages(() => v.maxLengthValidator(2)("👍👍")),
    [],
  );
  assert.deepEqual(
    messages(() => v.maxLengthValidator(1)("👍👍")),
    ["Ensure this value has at most 1 character (it has 2)."],
  );
});

test("steps of a fraction are exact", () => {
  assert.deepEqual(
    messages(() => v.stepValueValidator(0.1)(0.3)),
    [],
  );
  assert.deepEqual(
    messages(() => v.stepValueValidator(2, { offset: 1 })(4)),
    ["Ensure this value is a multiple of step size 2, starting from 1, e.g. 1, 3, 5, and so on."],
  );
});

test("a pattern with the flag g gives the same answer twice", () => {
  const validator = v.regexValidator(/a/g);
  validator("a");
  validator("a");
});

test("a pattern can be what is refused", () => {
  assert.deepEqual(
    messages(() => v.regexValidator(/\d/, { inverseMatch: true, message: "No digits." })("a1")),
    ["No digits."],
  );
});

test("a line break at the end slips past no validator of a single line", () => {
  for (const [validate, good] of [
    [v.validateInteger, "1"],
    [v.validateSlug, "a"],
    [v.validateEmail, "a@example.com"],
    [v.validateUrl, "http://example.com"],
    [v.validateDomainName, "example.com"],
    [v.validateIpv4Address, "192.0.2.1"],
    [v.validateIpv6Address, "::1"],
  ] as const) {
    validate(good);
    assert.equal(messages(() => validate(`${good}\n`)).length, 1, good);
  }
});

test("addresses that could reach beyond the web are no addresses of the web", () => {
  for (const url of [
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "http://[fe80::1%25eth0]/",
    "http://a:99999/",
  ])
    assert.deepEqual(
      messages(() => v.validateUrl(url)),
      ["Enter a valid URL."],
      url,
    );
});

test("long hostile texts are refused at once", () => {
  const started = performance.now();
  for (const text of ["a".repeat(50_000), `${"a.".repeat(25_000)}!`, `a@${"-".repeat(50_000)}`, `http://${"a:".repeat(1_000)}`]) {
    assert.equal(messages(() => v.validateEmail(text)).length, 1);
    assert.equal(messages(() => v.validateUrl(text)).length, 1);
    assert.equal(messages(() => v.validateDomainName(text)).length, 1);
  }
  assert.ok(performance.now() - started < 500);
});

test("a file's extension is compared without case", () => {
  v.validateImageFileExtension({ name: "photo.JPG" });
  assert.deepEqual(
    messages(() => v.fileExtensionValidator(["csv"])({ name: "table.csv.exe" })),
    ["File extension “exe” is not allowed. Allowed extensions are: csv."],
  );
});

test("null characters are refused", () => {
  assert.deepEqual(
    messages(() => v.prohibitNullCharactersValidator()("a\0b")),
    ["Null characters are not allowed."],
  );
});

/** Each validator with what it takes, and what it refuses, with the code. */
const table: Record<string, [v.Validator, taken: unknown[], refused: unknown[], code: string]> = {
  regexValidator: [v.regexValidator(/^\d+$/), ["12"], ["a", ""], "invalid"],
  emailValidator: [v.emailValidator({ allowlist: ["intranet"] }), ["a@b.kr", "a@intranet"], ["a@localhost", "a"], "invalid"],
  validateEmail: [
    v.validateEmail,
    ["a.b+c@example.com", '"ab"@example.com', "a@[127.0.0.1]"],
    ["a@b", "@b.kr", "a b@c.kr"],
    "invalid",
  ],
  urlValidator: [v.urlValidator(["https", "git"]), ["https://a.kr", "git://a.kr/b"], ["http://a.kr"], "invalid"],
  validateUrl: [v.validateUrl, ["http://a.kr:80/?q#f", "ftp://[::1]/"], ["a.kr", "http://", "javascript:alert(1)"], "invalid"],
  maxLengthValidator: [v.maxLengthValidator(2), ["ab"], ["abc"], "max_length"],
  minLengthValidator: [v.minLengthValidator(2), ["ab"], ["a"], "min_length"],
  maxValueValidator: [v.maxValueValidator(2), [2], [3], "max_value"],
  minValueValidator: [v.minValueValidator(2), [2], [1], "min_value"],
  stepValueValidator: [v.stepValueValidator(3, { offset: 1 }), [1, 7, -2], [3], "step_size"],
  decimalValidator: [v.decimalValidator(4, 2), ["12.34"], ["1.234"], "max_decimal_places"],
  validateSlug: [v.validateSlug, ["a-b_1"], ["a b", "é"], "invalid"],
  validateUnicodeSlug: [v.validateUnicodeSlug, ["커피-1"], ["a b"], "invalid"],
  validateIpv4Address: [v.validateIpv4Address, ["1.2.3.4"], ["1.2.3", "::1", "01.2.3.4"], "invalid"],
  validateIpv6Address: [v.validateIpv6Address, ["::1"], ["1.2.3.4", "::1%eth0"], "invalid"],
  validateIpv46Address: [v.validateIpv46Address, ["::1", "1.2.3.4"], ["x"], "invalid"],
  validateInteger: [v.validateInteger, ["-42", "４２", "-٣"], ["4.2", "4\n", "½"], "invalid"],
  integerListValidator: [v.integerListValidator({ separator: ";", allowNegative: true }), ["1;-2"], ["1,2"], "invalid"],
  validateCommaSeparatedIntegerList: [v.validateCommaSeparatedIntegerList, ["1,2"], ["1,", "-1"], "invalid"],
  domainNameValidator: [
    v.domainNameValidator({ acceptIdna: false }),
    ["a.kr", "xn--3e0b707e.kr", "a.k1", "a.kr."],
    ["커피.kr", "a.kr.."],
    "invalid",
  ],
  validateDomainName: [v.validateDomainName, ["커피.kr", "a.kr."], ["a", "-a.kr", "a.k1", "a.", "."], "invalid"],
  fileExtensionValidator: [v.fileExtensionValidator(["csv"]), [{ name: "a.CSV" }], [{ name: "csv" }], "invalid_extension"],
  validateImageFileExtension: [v.validateImageFileExtension, [{ name: "a.webp" }], [{ name: "a.svg" }], "invalid_extension"],
  prohibitNullCharactersValidator: [v.prohibitNullCharactersValidator(), ["a"], ["a\0"], "null_characters_not_allowed"],
};

test("every validator takes what is right and refuses the rest, with its code", () => {
  for (const [name, [validator, taken, refused, code]] of Object.entries(table)) {
    for (const value of taken) assert.doesNotThrow(() => validator(value), `${name} ${String(value)}`);
    for (const value of refused)
      assert.throws(() => validator(value), (error: v.ValidationError) => error.codes[0] === code, `${name} ${String(value)}`); // prettier-ignore
  }
  const named = Object.keys(v).filter((name) => /Validator$|^validate/.test(name) && name !== "baseValidator");
  assert.deepEqual(named.filter((name) => !(name in table)), []); // prettier-ignore
});
