import { formatNumber, gettext, ngettext, pgettext } from "#kernel/i18n";
import { filter, type FilterState } from "../../library.ts";
import { exactWhole } from "../../filters/numbers.ts";
import { formatDecimal, parseDecimal } from "../../runtime/decimal-text.ts";
import { isDecimal } from "../../runtime/compare.ts";
import { digitsOf } from "../../runtime/local-numbers.ts";
import { textOf } from "../../runtime/text.ts";
import { safe } from "../../safe-string.ts";

const small: readonly (() => string)[] = [
  () => gettext("one"), () => gettext("two"), () => gettext("three"), () => gettext("four"), () => gettext("five"),
  () => gettext("six"), () => gettext("seven"), () => gettext("eight"), () => gettext("nine"),
]; // prettier-ignore

function apnumber(value: unknown): unknown {
  const number = exactWhole(value);
  return number === undefined ? value : (small[Number(number) - 1]?.() ?? number);
}

/** Groups of three digits, in the language's way where the value is a number. */
function intcomma(value: unknown, useLanguage: unknown, state: FilterState): string {
  const text = digitsOf(plain(value));
  const isNumber = typeof value === "number" || typeof value === "bigint" || isDecimal(value) || /^\s*-?\d+\s*$/.test(text);
  if (isNumber && useLanguage !== false && state.localizes)
    return formatNumber(text.trim(), { grouping: true, language: state.language });
  return text.replace(/^(-?)(\d+)/, (_, sign: string, digits: string) => sign + grouped(digits));
}

/** Digits in groups of three, in proportion to their number. */
function grouped(digits: string): string {
  const first = digits.length % 3;
  const groups = digits.slice(first).match(/\d{3}/g) ?? [];
  return (first === 0 ? groups : [digits.slice(0, first), ...groups]).join(",");
}

function plain(value: unknown): unknown {
  return typeof value === "number" || typeof value === "bigint" || isDecimal(value) ? value : textOf(value);
}

/** Powers of ten with their words. */
const large: readonly (readonly [power: number, word: (count: number) => string])[] = [
  [6, (n) => ngettext("%(value)s million", "%(value)s million", n)],
  [9, (n) => ngettext("%(value)s billion", "%(value)s billion", n)],
  [12, (n) => ngettext("%(value)s trillion", "%(value)s trillion", n)],
  [15, (n) => ngettext("%(value)s quadrillion", "%(value)s quadrillion", n)],
  [18, (n) => ngettext("%(value)s quintillion", "%(value)s quintillion", n)],
  [21, (n) => ngettext("%(value)s sextillion", "%(value)s sextillion", n)],
  [24, (n) => ngettext("%(value)s septillion", "%(value)s septillion", n)],
  [27, (n) => ngettext("%(value)s octillion", "%(value)s octillion", n)],
  [30, (n) => ngettext("%(value)s nonillion", "%(value)s nonillion", n)],
  [33, (n) => ngettext("%(value)s decillion", "%(value)s decillion", n)],
  [100, (n) => ngettext("%(value)s googol", "%(value)s googol", n)],
];

function intword(value: unknown, _: unknown, state: FilterState): unknown {
  const whole = exactWhole(value);
  if (whole === undefined) return value;
  const number = Number(whole);
  const size = Math.abs(number);
  if (size < 1_000_000) return number;
  const found = large.find(([power]) => size < 10 ** (power + 3)) ?? (size < 1e103 ? large.at(-1) : undefined);
  if (found === undefined) return whole;
  const [power, word] = found;
  const amount = number / 10 ** power;
  const shown = formatDecimal(parseDecimal(String(amount)) as Exclude<ReturnType<typeof parseDecimal>, undefined | "special">, {
    places: 1,
  });
  const counted = Math.abs(amount) === 1 ? 1 : Math.ceil(Math.abs(amount) - 1) + 1;
  return word(counted).replace("%(value)s", () => formatNumber(shown, { language: state.localizes ? state.language : "en" }));
}

/** `1st`, `2nd`, `11th`. */
function ordinal(value: unknown): unknown {
  const number = exactWhole(value);
  if (number === undefined) return value;
  if (number < 0) return String(number);
  const last = Number(BigInt(number) % 100n);
  const ending = last >= 11 && last <= 13 ? pgettext("ordinal 11, 12, 13", "{}th") : endings[last % 10]!();
  return safe(ending.replace("{}", String(number)));
}

const endings: readonly (() => string)[] = [
  () => pgettext("ordinal 0", "{}th"), () => pgettext("ordinal 1", "{}st"), () => pgettext("ordinal 2", "{}nd"),
  () => pgettext("ordinal 3", "{}rd"), () => pgettext("ordinal 4", "{}th"), () => pgettext("ordinal 5", "{}th"),
  () => pgettext("ordinal 6", "{}th"), () => pgettext("ordinal 7", "{}th"), () => pgettext("ordinal 8", "{}th"),
  () => pgettext("ordinal 9", "{}th"),
]; // prettier-ignore

export const numberFilters = {
  apnumber: filter(apnumber, { argument: "none", isSafe: true }),
  intcomma: filter(intcomma, { argument: "optional", isSafe: true }),
  intword: filter(intword, { argument: "none" }),
  ordinal: filter(ordinal, { argument: "none", isSafe: true }),
};
