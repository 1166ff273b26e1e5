import { domainToASCII } from "node:url";
import { emailValidator } from "#validation";
import { mailErrors } from "./errors.ts";

/** An e-mail address with the name of whom it belongs to, where one was given. */
export interface MailAddress {
  readonly name: string;
  /** Its domain in ASCII, as mail servers know it: `me@xn--bcher-kva.example`. */
  readonly address: string;
}

const validateAscii = emailValidator();
// oxlint-disable-next-line no-control-regex -- a line break would begin another header
const control = /[\x00-\x1f\x7f]/;
const named = /^(?:"((?:[^"\\]|\\.)*)"|([^<>"]*?))\s*<([^<>]+)>$/;

/** What a line of a message holds at most. */
const longest = 998;

/**
 * Reads `ada@example.com` or `Ada Lovelace <ada@example.com>`; letters of every script are allowed in both parts.
 * @throws MAIL_BAD_ADDRESS, MAIL_BAD_HEADER
 */
export function parseMailAddress(given: string, field: string): MailAddress {
  if (typeof given === "string" && control.test(given))
    throw mailErrors.MAIL_BAD_HEADER({ name: field, problem: "holds a line break or another control character" });
  const text = String(given).slice(0, longest).trim();
  const match = named.exec(text);
  const name = match === null ? "" : (match[1]?.replaceAll(/\\(.)/g, "$1") ?? match[2] ?? "").trim();
  const address = asciiDomain(match?.[3]?.trim() ?? text);
  if (typeof given !== "string" || given.length > longest || address === undefined)
    throw mailErrors.MAIL_BAD_ADDRESS({ field, given: String(given).slice(0, 200) });
  return { name, address };
}

/** The addresses of a header's value, as a person writes them: `Ada <ada@example.com>, bo@example.com`. */
export function parseMailAddresses(given: string, field: string): MailAddress[] {
  const parts = given.match(/(?:"(?:[^"\\]|\\.)*"|[^",])+/g) ?? [];
  return parts.map((part) => parseMailAddress(part, field));
}

function asciiDomain(address: string): string | undefined {
  const at = address.lastIndexOf("@");
  const [mailbox, host] = [address.slice(0, at), address.slice(at + 1)];
  if (at < 1 || mailbox.length > 64) return undefined;
  const domain = host.startsWith("[") ? host : domainToASCII(host);
  // The mailbox may have letters of every script; what else it may have is what ASCII ones may.
  const plain = mailbox.replaceAll(/[^\x20-\x7e]/g, "a");
  if (domain === "" || /\s|[\u00ad\u200b-\u200f\u2028-\u202e\ufeff]/u.test(mailbox) || !isValid(`${plain}@${domain}`))
    return undefined;
  return `${mailbox}@${domain}`;
}

function isValid(address: string): boolean {
  try {
    validateAscii(address);
    return true;
  } catch {
    // One label is enough for the mail of a network of one's own: root@mailhost.
    return /^[-!#$%&'*+/=?^_`{}|~.0-9a-z]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(address) && !/\.\.|^\.|\.@/.test(address);
  }
}
