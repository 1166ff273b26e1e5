import { pgettext } from "#kernel/i18n";
import { filter } from "../library.ts";
import { escapeHtml } from "../safe-string.ts";
import { unescapeHtml } from "./entities.ts";
import { type HtmlToken, htmlTokens } from "./html-tokens.ts";
import { wholeNumber } from "./numbers.ts";

const characters = (text: string) => text.normalize("NFC").match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

function truncateCharacters(text: string, length: number): string {
  const all = characters(text);
  if (all.length <= length) return all.join("");
  const kept = all.slice(0, Math.max(0, length - 1)).join("");
  return ending(kept);
}

/** A text that was cut, as the language writes it. */
function ending(text: string): string {
  const form = pgettext("String to return when truncating text", "%(truncated_text)s…");
  if (form.includes("%(truncated_text)s")) return form.replace("%(truncated_text)s", () => text);
  return text.endsWith(form) ? text : text + form;
}

function truncateWords(text: string, length: number): string {
  const words = wordsOf(text);
  return words.length <= length ? words.join(" ") : `${words.slice(0, length).join(" ")} …`;
}

const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

/** What is left of a piece of text: whole, or cut, or as it stands because it ends where it may. */
interface Piece {
  readonly output: string;
  readonly ends: boolean;
}

/** Goes through HTML's text until `take` ends it, and closes what is open then. */
function truncateHtml(html: string, take: (text: string, output: string) => Piece): string {
  const open: string[] = [];
  let output = "";
  for (const { kind, text } of piecesOf(html)) {
    if (kind === "comment") continue;
    if (kind === "tag") {
      output += trackTag(open, text);
      continue;
    }
    const piece = take(unescapeHtml(text), output);
    output += piece.output;
    if (piece.ends) return output + open.toReversed().map((name) => `</${name}>`).join(""); // prettier-ignore
  }
  return output;
}

/** As `htmlTokens`; a `<` that begins nothing is a piece of its own. */
function* piecesOf(html: string): Generator<HtmlToken> {
  for (const token of htmlTokens(html)) {
    if (token.kind !== "text" || !token.text.includes("<")) yield token;
    else for (const text of token.text.split(/(<)/)) if (text !== "") yield { kind: "text", text };
  }
}

/** A tag as it is written, noting what is open; closing tags are written plainly, those of void elements not at all. */
function trackTag(open: string[], tag: string): string {
  const [, slash, name] = /^<(\/?)([a-zA-Z][^\s/>]*)/.exec(tag.toLowerCase()) ?? [];
  if (name === undefined) return "";
  const isVoid = voidElements.has(name);
  if (slash === "/") {
    if (open.at(-1) === name) open.pop();
    return isVoid ? "" : `</${name}>`;
  }
  if (isVoid) return tag;
  if (tag.endsWith("/>")) return `${tag}</${name}>`;
  open.push(name);
  return tag;
}

const sizeOf = (text: string) => [...text].length;

function htmlCharacters(given: string, length: number): string {
  const html = given.normalize("NFC");
  const whole = sizeOf(html);
  let left = length - 1;
  let seen = 0;
  return truncateHtml(html, (text, output) => {
    const size = sizeOf(text);
    seen += size;
    if (seen === length && sizeOf(output) + size === whole) return { output: text, ends: true };
    if (size <= left) {
      left -= size;
      return { output: escapeHtml(text), ends: false };
    }
    return { output: ending(escapeHtml([...text].slice(0, left).join(""))), ends: true };
  });
}

function htmlWords(html: string, length: number): string {
  let left = length;
  return truncateHtml(html, (text) => {
    const words = text.split(/(?<=\S)\s+(?=\S)/);
    const output = escapeHtml(words.slice(0, left).join(" "));
    if (words.length > left) return { output: `${output} …`, ends: true };
    left -= words.length;
    return { output, ends: false };
  });
}

function truncating(run: (text: string, length: number) => string) {
  const apply = (text: string, argument: unknown) => {
    const length = wholeNumber(argument);
    if (length === undefined) return text;
    return length <= 0 ? "" : run(text, length);
  };
  return filter(apply, { argument: "required", text: true, isSafe: true });
}

export const truncateFilters = {
  truncatechars: truncating(truncateCharacters),
  truncatechars_html: truncating(htmlCharacters),
  truncatewords: truncating(truncateWords),
  truncatewords_html: truncating(htmlWords),
};
