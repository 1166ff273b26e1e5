import { filter } from "../library.ts";
import { escapeHtml } from "../safe-string.ts";
import { unescapeHtml } from "./entities.ts";
import { htmlTokens, textOfHtml } from "./html-tokens.ts";
import { wholeNumber } from "./numbers.ts";

const characters = (text: string) => text.normalize("NFC").match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== "");

function truncateCharacters(text: string, length: number): string {
  const all = characters(text);
  if (all.length <= length) return all.join("");
  const kept = all.slice(0, Math.max(0, length - 1)).join("");
  return kept.endsWith("…") ? kept : `${kept}…`;
}

function truncateWords(text: string, length: number): string {
  const words = wordsOf(text);
  return words.length <= length ? words.join(" ") : `${words.slice(0, length).join(" ")} …`;
}

const voidElements = new Set("area base br col embed hr img input link meta param source track wbr".split(" "));

interface Piece {
  readonly output: string;
  readonly size: number;
  readonly cut: boolean;
}

/** Goes through HTML's text until `take` cuts, and closes what is open then. */
function truncateHtml(html: string, take: (text: string, left: number) => Piece, length: number): string {
  const open: string[] = [];
  let left = length;
  let output = "";
  for (const { kind, text } of htmlTokens(html)) {
    if (kind === "comment") continue;
    if (kind === "tag") {
      output += text;
      trackTag(open, text);
      continue;
    }
    const piece = take(unescapeHtml(text), left);
    output += piece.output;
    left -= piece.size;
    if (piece.cut)
      return (
        output +
        open
          .toReversed()
          .map((name) => `</${name}>`)
          .join("")
      );
  }
  return output;
}

function trackTag(open: string[], tag: string): void {
  const [, slash, name] = /^<(\/?)([a-zA-Z][^\s/>]*)/.exec(tag.toLowerCase()) ?? [];
  if (name === undefined || voidElements.has(name) || tag.endsWith("/>")) return;
  if (slash === "") open.push(name);
  else if (open.includes(name)) open.splice(open.lastIndexOf(name), 1);
}

function htmlCharacters(html: string, length: number): string {
  const total = characters(unescapeHtml(textOfHtml(html))).length;
  if (total <= length) return html;
  const take = (text: string, left: number): Piece => {
    const all = characters(text);
    if (all.length <= left) return { output: escapeHtml(text), size: all.length, cut: false };
    return { output: `${escapeHtml(all.slice(0, left).join(""))}…`, size: left, cut: true };
  };
  return truncateHtml(html, take, length - 1);
}

function htmlWords(html: string, length: number): string {
  const take = (text: string, left: number): Piece => {
    const words = text.split(/(?<=\S)\s+(?=\S)/);
    const size = words.length;
    if (size <= left) return { output: escapeHtml(words.join(" ")), size, cut: false };
    return { output: `${escapeHtml(words.slice(0, left).join(" "))} …`, size: left, cut: true };
  };
  return truncateHtml(html, take, length);
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
