import { gettext, gettextLazy, type LazyText } from "#kernel/i18n";
import { isIPv4, isIPv6 } from "node:net";
import type { TextOptions, Validator } from "./limits.ts";
import { ValidationError } from "./validation-error.ts";

// Letters of every script in the first plane, as registrars allow them in names.
const letters = "a-z\\u00a1-\\uffff";

function domainPattern(letter: string, topLevel: string): RegExp {
  const label = `[${letter}0-9](?:[${letter}0-9-]{0,61}[${letter}0-9])?`;
  return new RegExp(`^(?:${label}\\.)+(?!-)(?:${topLevel})(?<!-)$`, "i");
}

const domains = domainPattern(letters, `[${letters}-]{2,63}|xn--[a-z0-9]{1,59}`);
const asciiDomains = domainPattern("a-z", "[a-z0-9-]{2,63}");
const maxDomainLength = 255;

function isDomain(name: string): boolean {
  return name.length <= maxDomainLength && domains.test(name);
}

/** Whether a text is a whole domain name, which may end with a dot. */
function isFullDomain(text: string, acceptIdna = true): boolean {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  return text.length <= maxDomainLength && (acceptIdna ? domains : asciiDomains).test(name);
}

function addressValidator(message: LazyText, options: TextOptions, accepts: (text: string) => boolean): Validator {
  return (value) => {
    if (typeof value === "string" && accepts(value)) return;
    throw new ValidationError(options.message ?? message, { code: options.code ?? "invalid", params: { value } });
  };
}

/** How `domainNameValidator` judges. */
export interface DomainNameOptions extends TextOptions {
  /** Accept letters beyond ASCII; true by default. */
  acceptIdna?: boolean | undefined;
}

/** Refuses what is not a domain name with at least two labels: `example.com`. */
export function domainNameValidator(options: DomainNameOptions = {}): Validator {
  return addressValidator(gettextLazy("Enter a valid domain name."), options, (text) => isFullDomain(text, options.acceptIdna));
}

/** A domain name: `example.com`. */
export const validateDomainName: Validator = domainNameValidator();

const plainMailbox = /^[-!#$%&'*+/=?^_`{}|~0-9a-z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9a-z]+)*$/i;
// eslint-disable-next-line no-control-regex -- a quoted mailbox may hold control characters (RFC 5321 and 5322)
const quotedMailbox = /^"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*"$/;
const maxEmailLength = 320;

/** How `emailValidator` judges. */
export interface EmailOptions extends TextOptions {
  /** Hosts that are accepted although they are no domain names; `["localhost"]` by default. */
  allowlist?: readonly string[] | undefined;
}

/** Refuses what is not an e-mail address. */
export function emailValidator(options: EmailOptions = {}): Validator {
  const allowlist = options.allowlist ?? ["localhost"];
  return addressValidator(gettextLazy("Enter a valid email address."), options, (text) => {
    const at = text.lastIndexOf("@");
    if (at < 1 || text.length > maxEmailLength) return false;
    const [mailbox, host] = [text.slice(0, at), text.slice(at + 1)];
    if (!plainMailbox.test(mailbox) && !quotedMailbox.test(mailbox)) return false;
    return allowlist.includes(host) || isDomain(host) || isAddressLiteral(host);
  });
}

function isAddressLiteral(host: string): boolean {
  if (!host.startsWith("[") || !host.endsWith("]")) return false;
  const address = host.slice(1, -1);
  return isIPv4(address) || isPlainIPv6(address);
}

/** An e-mail address: `ada@example.com`. */
export const validateEmail: Validator = emailValidator();

const webSchemes: readonly string[] = ["http", "https", "ftp", "ftps"];
const urlPattern =
  /^([a-z0-9.+-]+):\/\/(?:[^\s:@/?#]+(?::[^\s:@/]*)?@)?(\[[^\]\s]*\]|[^\s:/?#[\]@]+)(?::(\d{1,5}))?(?:[/?#]\S*)?$/i;
const maxUrlLength = 2048;
const maxHostLength = 253;

/** How `urlValidator` judges. */
export interface UrlOptions extends TextOptions {
  schemes?: readonly string[] | undefined;
}

/**
 * Refuses what is not the full address of a resource.
 *
 * ```ts
 * urlValidator({ schemes: ["https"] })("http://example.com"); // throws
 * ```
 */
export function urlValidator(schemesOrOptions: readonly string[] | UrlOptions = {}, more: UrlOptions = {}): Validator {
  const given: UrlOptions = "length" in schemesOrOptions ? { schemes: schemesOrOptions as readonly string[] } : schemesOrOptions;
  const options = { schemes: webSchemes, ...given, ...more };
  return addressValidator(gettextLazy("Enter a valid URL."), options, (text) => {
    const match = text.length > maxUrlLength ? null : urlPattern.exec(text);
    if (match === null || !options.schemes.includes(match[1]!.toLowerCase())) return false;
    return isUrlHost(match[2]!) && Number(match[3] ?? 0) <= 65_535;
  });
}

function isUrlHost(host: string): boolean {
  if (host.startsWith("[")) return isPlainIPv6(host.slice(1, -1));
  const name = host.endsWith(".") ? host.slice(0, -1) : host;
  return host.length <= maxHostLength && (name.toLowerCase() === "localhost" || isIPv4(host) || isDomain(name));
}

/** An address of the web: `https://example.com/`. */
export const validateUrl: Validator = urlValidator();

/** IPv6 without a zone: `fe80::1%eth0` names an interface of one machine, not a host. */
function isPlainIPv6(text: string): boolean {
  return isIPv6(text) && !text.includes("%");
}

function ipValidator(version: LazyText, accepts: (text: string) => boolean): Validator {
  return (value) => {
    if (typeof value === "string" && accepts(value)) return;
    const params = { protocol: String(version), value };
    throw new ValidationError(gettext("Enter a valid %(protocol)s address."), { code: "invalid", params });
  };
}

/** `192.0.2.1` */
export const validateIpv4Address: Validator = ipValidator(gettextLazy("IPv4"), isIPv4);
/** `2001:db8::1` */
export const validateIpv6Address: Validator = ipValidator(gettextLazy("IPv6"), isPlainIPv6);
/** An address of either version. */
export const validateIpv46Address: Validator = ipValidator(
  gettextLazy("IPv4 or IPv6"),
  (text) => isIPv4(text) || isPlainIPv6(text),
);
