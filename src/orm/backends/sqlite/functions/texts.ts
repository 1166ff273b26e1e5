import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { ormErrors } from "../../../errors.ts";
import { define } from "./define.ts";

type Given = string | number | bigint;

/** What a text may grow to: 10 million characters. */
const longest = 10_000_000;

/** Functions of texts by characters, as PostgreSQL counts them: never half of an emoji. */
export function defineTexts(connection: DatabaseSync): void {
  const text = (name: string, compute: (text: string, ...rest: any[]) => string | number) =>
    define(connection, name, (given: Given, ...rest: unknown[]) => compute(String(given), ...rest));
  text("unicode_lower", (given) => given.toLowerCase());
  text("unicode_upper", (given) => given.toUpperCase());
  text("text_left", (given, size: number) => [...given].slice(0, Math.max(0, size)).join(""));
  text("text_right", (given, size: number) => (size <= 0 ? "" : [...given].slice(-size).join("")));
  text("text_reverse", (given) => [...given].reverse().join(""));
  text("text_repeat", repeated);
  text("text_ord", (given) => given.codePointAt(0) ?? 0);
  text("text_lpad", (given, size: number, fill: Given) => `${filling([...given], size, String(fill))}${cut(given, size)}`);
  text("text_rpad", (given, size: number, fill: Given) => `${cut(given, size)}${filling([...given], size, String(fill))}`);
  define(connection, "text_hash", (algorithm: string, given: Given) => createHash(algorithm).update(String(given)).digest("hex"));
}

function repeated(text: string, times: number): string {
  checkLength(text.length * times);
  return times <= 0 ? "" : text.repeat(times);
}

function cut(text: string, size: number): string {
  return [...text].slice(0, Math.max(0, size)).join("");
}

/** As many characters of `fill` as are missing. */
function filling(characters: readonly string[], size: number, fill: string): string {
  const missing = size - characters.length;
  const unit = [...fill];
  if (missing <= 0 || unit.length === 0) return "";
  checkLength(missing);
  return Array.from({ length: missing }, (_, at) => unit[at % unit.length]).join("");
}

function checkLength(size: number): void {
  if (size <= longest) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `A text function was to make a text of ${size} characters.`,
    hint: `The limit is ${longest}.`,
  });
}
