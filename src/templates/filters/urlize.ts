import { escapeHtml, SafeString } from "../safe-string.ts";
import { unescapeHtml } from "./entities.ts";
import { quote } from "./quote.ts";
import { withoutEnd } from "./without-end.ts";

export interface UrlizeOptions {
  readonly autoescape: boolean;
  /** How much of an address is shown. */
  readonly limit?: number | undefined;
}

const longest = 2048;
const addressPattern = /^https?:\/\/\[?[\p{L}\p{N}_]/iu;
const label = String.raw`[a-z\u00a1-\uffff0-9](?:[a-z\u00a1-\uffff0-9-]{0,61}[a-z\u00a1-\uffff0-9])?`;
const barePattern = new RegExp(
  String.raw`^www\.|^(?!http)${label}(?:\.(?!-)[a-z\u00a1-\uffff0-9-]{1,63}(?<!-))*\.(com|edu|gov|int|mil|net|org)($|/.*)$`,
  "i",
);
const emailPattern =
  /^[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*@((?:[A-Z0-9\u00a1-\uffff](?:[A-Z0-9\u00a1-\uffff-]{0,61}[A-Z0-9\u00a1-\uffff])?\.)+[A-Z0-9\u00a1-\uffff-]{2,63})$/i;

/** Text in which addresses of pages and of mail are links. */
export function urlize(value: string | SafeString, options: UrlizeOptions): string {
  const isSafe = value instanceof SafeString;
  const html = options.autoescape && !isSafe ? escapeHtml : (text: string) => text;
  const words = String(value).split(/([\s<>"']+)/);
  return words.map((word) => (/[.@:]/.test(word) ? linked(word, html, options) : html(word))).join("");
}

function linked(word: string, html: (text: string) => string, { limit }: UrlizeOptions): string {
  const { lead, middle, trail } = trimPunctuation(word);
  const target = targetOf(middle);
  if (target === undefined) return html(word);
  const shown = limit === undefined || middle.length <= limit ? middle : `${middle.slice(0, Math.max(0, limit - 1))}…`;
  const nofollow = target.startsWith("mailto:") ? "" : ' rel="nofollow"';
  return `${html(lead)}<a href="${escapeHtml(target)}"${nofollow}>${html(shown)}</a>${html(trail)}`;
}

function targetOf(text: string): string | undefined {
  if (text.length <= longest && addressPattern.test(text)) return quoteAddress(unescapeHtml(text));
  if (text.length <= longest && barePattern.test(text)) return quoteAddress(`https://${unescapeHtml(text)}`);
  if (text.includes(":") || !emailPattern.test(text)) return undefined;
  const at = text.lastIndexOf("@");
  return `mailto:${quote(text.slice(0, at), "")}@${quote(text.slice(at + 1), "")}`;
}

function unquote(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"));
}

const quoteAgain = (text: string) => quote(unquote(text), "!$&'()*+,;=:/?#[]@~");

/** Encodes an address once, whether or not it was encoded before. */
function quoteAddress(address: string): string {
  const [, given = "", query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/su.exec(address)!;
  const encoded = query ? `?${query.split("&").filter((pair) => pair !== "").map(quotePair).join("&")}` : ""; // prettier-ignore
  const front = given.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase());
  return quoteAgain(front) + encoded + (fragment ? `#${quoteAgain(fragment)}` : "");
}

function quotePair(pair: string): string {
  const at = pair.indexOf("=");
  const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
  const encode = (text: string) => quote(unquote(unquote(text.replaceAll("+", " "))), " ").replaceAll(" ", "+");
  return `${encode(name)}=${encode(value)}`;
}

const count = (text: string, character: string) => text.split(character).length - 1;

/** Parts a word from the brackets and the punctuation around it. */
function trimPunctuation(word: string): { lead: string; middle: string; trail: string } {
  let middle = word.replace(/^[([]+/, "");
  const lead = word.slice(0, word.length - middle.length);
  let trail = "";
  for (let changed = true; changed && middle !== "";) {
    const before = middle;
    for (const [open, close] of ["()", "[]"].map((pair) => [...pair] as [string, string])) {
      const extra = count(middle, close) - count(middle, open);
      if (extra > 0 && middle.endsWith(close)) middle = middle.slice(0, -extra);
    }
    middle = trimEnd(middle);
    changed = middle !== before;
    trail = before.slice(middle.length) + trail;
  }
  return { lead, middle, trail };
}

/** Drops punctuation at the end, but not the semicolon of an entity. */
function trimEnd(text: string): string {
  const amp = text.lastIndexOf("&");
  if (amp < 0) return withoutEnd(text, ".,:;!");
  const kept = withoutEnd(text, ".,:!");
  if (!kept.endsWith(";")) return kept;
  const entity = kept.slice(amp);
  const plain = unescapeHtml(entity);
  if (plain !== entity && !plain.endsWith(";")) return kept;
  const bare = withoutEnd(kept, ".,:;!");
  return kept.endsWith(";;") ? kept.slice(0, bare.length + kept.slice(bare.length).indexOf(";") + 1) : bare;
}
