import { filter } from "../library.ts";
import { quotedText, textOf } from "../runtime/text.ts";
import { safe, SafeString } from "../safe-string.ts";
import { textOfHtml } from "./html-tokens.ts";
import { wholeOf } from "./numbers.ts";
import { formatPrintf } from "./printf.ts";
import { wordWrap } from "./word-wrap.ts";
import { withoutEnd } from "./without-end.ts";

const none = { argument: "none", text: true } as const;
const safeNone = { ...none, isSafe: true } as const;
const safeRequired = { argument: "required", text: true, isSafe: true } as const;

const keypad = "22233344455566677778889999";

function titleCase(text: string): string {
  const capitalised = text.toLowerCase().replace(/(?<!\p{Cased})\p{L}/gu, (letter) => letter.toUpperCase());
  return capitalised
    .replace(/([a-z])'([A-Z])/g, (found) => found.toLowerCase())
    .replace(/\d([A-Z])/g, (found) => found.toLowerCase());
}

function slugify(text: string): string {
  const ascii = text.normalize("NFKD").replace(/[^\0-\x7f]/g, ""); // oxlint-disable-line no-control-regex -- ASCII is what is kept
  const words = ascii.toLowerCase().replace(/[^\w\s-]/g, "");
  return withoutEnd(words.replace(/[-\s]+/g, "-").replace(/^[-_]+/, ""), "-_");
}

/** Removes tags until none is left, as `<<b>b>` would bring a new one. */
function stripTags(text: string): string {
  let stripped = text;
  for (let round = 0; round < 50 && stripped.includes("<"); round++) {
    const next = textOfHtml(stripped);
    if (next === stripped) break;
    stripped = next;
  }
  return stripped;
}

/** How many characters a text lacks to be so wide. */
/** Wider than any page: a number that a client may have sent must not fill the memory. */
const widest = 100_000;

function gapOf(text: string, width: unknown): number {
  return Math.max(0, Math.min(wholeOf(width), widest) - [...text].length);
}

function centre(text: string, argument: unknown): string {
  const width = Math.min(wholeOf(argument), widest);
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  const left = Math.floor(missing / 2);
  return " ".repeat(left) + text + " ".repeat(missing - left);
}

/** Safe text stays safe, unless the format brings signs of HTML. */
function stringFormat(value: unknown, format: unknown): string | SafeString {
  const isSafe = value instanceof SafeString;
  const text = formatPrintf(textOf(format), isSafe ? value.value : value);
  return isSafe && !/[<>&"']/.test(textOf(format)) ? safe(text) : text;
}

export const stringFilters = {
  addslashes: filter((text: string) => text.replace(/[\\"']/g, "\\$&"), safeNone),
  capfirst: filter((text: string) => text.charAt(0).toUpperCase() + text.slice(1), safeNone),
  center: filter((text: string, width) => centre(text, width), safeRequired),
  ljust: filter((text: string, width) => text + " ".repeat(gapOf(text, width)), safeRequired),
  rjust: filter((text: string, width) => " ".repeat(gapOf(text, width)) + text, safeRequired),
  cut: filter((value: string | SafeString, argument) => {
    const what = textOf(argument);
    const left = what === "" ? String(value) : String(value).replaceAll(what, "");
    return value instanceof SafeString && what !== ";" ? safe(left) : left;
  }, { argument: "required", text: true, receivesSafe: true }),
  lower: filter((text: string) => text.toLowerCase(), safeNone),
  upper: filter((text: string) => text.toUpperCase(), none),
  title: filter((text: string) => titleCase(text), safeNone),
  slugify: filter((text: string) => slugify(text), safeNone),
  striptags: filter((text: string) => stripTags(text), safeNone),
  wordcount: filter((text: string) => text.split(/\s+/).filter((word) => word !== "").length, none),
  wordwrap: filter((text: string, width) => wordWrap(text, wholeOf(width)), safeRequired),
  phone2numeric: filter((text: string) => text.toLowerCase().replace(/[a-z]/g, (letter) => keypad[letter.charCodeAt(0) - 97]!), safeNone),
  stringformat: filter(stringFormat, { argument: "required", receivesSafe: true }),
  pprint: filter((value) => quotedText(value), { argument: "none", isSafe: true }),
}; // prettier-ignore
