import { filter } from "../library.ts";
import { escapeHtml, forceEscape, safe, SafeString } from "../safe-string.ts";
import { listOf } from "./list-of.ts";
import { textOf } from "../runtime/text.ts";

/** Text as HTML: escaped unless it is safe already. */
export function htmlOf(value: unknown): SafeString {
  return value instanceof SafeString ? value : safe(escapeHtml(textOf(value)));
}

const jsEscapes = /[\\'"><&=\-;`\u2028\u2029\u0000-\u001f]/g; // oxlint-disable-line no-control-regex -- these are what is escaped
const codeOf = (character: string) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

export const escapingFilters = {
  escape: filter((value) => htmlOf(value), { argument: "none", receivesSafe: true, text: true }),
  force_escape: filter((value: string) => safe(forceEscape(value)), { argument: "none", text: true }),
  escapeseq: filter((value) => listOf(value).map((item) => htmlOf(item)), { argument: "none" }),
  escapejs: filter((value: string) => safe(value.replace(jsEscapes, codeOf)), { argument: "none", text: true }),
  safe: filter((value) => safe(value), { argument: "none", text: true, receivesSafe: true }),
  safeseq: filter((value) => listOf(value).map((item) => safe(textOf(item))), { argument: "none" }),
};
