import { percentEncode } from "#kernel";
import { mailErrors } from "./errors.ts";
import type { MailAddress } from "./mail-address.ts";

// oxlint-disable-next-line no-control-regex -- a line break would begin another header
const control = /[\x00-\x08\x0a-\x1f\x7f]/;
const headerName = /^[!-9;-~]+$/;
const lineLimit = 76;

/**
 * A header of a message as lines, folded; what is not ASCII is encoded (RFC 2047).
 * @throws MAIL_BAD_HEADER for line breaks: they would begin a header of the client's
 */
export function headerLine(name: string, value: string): string {
  if (!headerName.test(name)) throw mailErrors.MAIL_BAD_HEADER({ name, problem: "has a name that headers cannot have" });
  refuseControls(name, value);
  return fold(`${name}: ${isAscii(value) ? value : encodeWords(value)}`);
}

/**
 * A content type or the id of a part, as it may stand in a header: a client may have named it.
 * @throws MAIL_BAD_HEADER
 */
export function plainValue(name: string, value: string): string {
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value) || /[<>]/.test(value))
    throw mailErrors.MAIL_BAD_HEADER({ name, problem: "holds a line break or another forbidden character" });
  return value;
}

/** Addresses as a header's value: `Ada <ada@example.com>, …`. */
export function addressHeader(name: string, addresses: readonly MailAddress[]): string {
  return fold(`${name}: ${addresses.map(shown).join(", ")}`);
}

function shown({ name, address }: MailAddress): string {
  if (name === "") return address;
  if (!isAscii(name)) return `${encodeWords(name)} <${address}>`;
  return /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name) ? `${name} <${address}>` : `"${name.replaceAll(/["\\]/g, "\\$&")}" <${address}>`;
}

/** A parameter of a header: `filename="a.txt"`, and beside ASCII `filename*=utf-8''…` (RFC 2231). */
export function headerParameter(name: string, value: string): string {
  refuseControls(name, value);
  if (isAscii(value)) return `${name}="${value.replaceAll(/["\\]/g, "\\$&")}"`;
  return `${name}*=utf-8''${percentEncode(value)}`;
}

/** @throws MAIL_BAD_HEADER */
function refuseControls(name: string, value: string): void {
  if (control.test(value)) throw mailErrors.MAIL_BAD_HEADER({ name, problem: "holds a line break or another control character" });
}

function isAscii(text: string): boolean {
  return /^[\x20-\x7e\t]*$/.test(text);
}

/** Words of at most 75 characters, each whole in UTF-8. */
function encodeWords(text: string): string {
  const words: string[] = [];
  let part = "";
  for (const character of text) {
    // 36 bytes are 48 characters in base64, and 60 with what is around them: there is room for the header's name.
    if (Buffer.byteLength(part + character) > 36) {
      words.push(part);
      part = "";
    }
    part += character;
  }
  if (part !== "") words.push(part);
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString("base64")}?=`).join(" ");
}

/** Breaks a line before spaces, so that lines stay short where words allow it. */
function fold(line: string): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=[^ \t])(?=[ \t])/)) {
    if (current !== "" && current.length + word.length > lineLimit && current.trim() !== "" && !/^[!-9;-~]+:$/.test(current)) {
      lines.push(current);
      current = word;
    } else current += word;
  }
  lines.push(current);
  return lines.join("\r\n");
}
