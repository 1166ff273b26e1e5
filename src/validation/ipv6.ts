import { gettext } from "#kernel/i18n";
import { isIPv6 } from "node:net";
import { ValidationError } from "./validation-error.ts";

const mappedIpv4 = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * An IPv6 address in its shortest form; with `unpackIpv4`, `::ffff:192.0.2.1` becomes `192.0.2.1`.
 *
 * ```ts
 * shortIpv6("2001:0DB8::0001", false); // "2001:db8::1"
 * ```
 * @throws ValidationError
 */
export function shortIpv6(text: string, unpackIpv4: boolean): string {
  if (!isIPv6(text) || text.includes("%")) {
    const params = { protocol: gettext("IPv6") };
    throw new ValidationError(gettext("This is not a valid %(protocol)s address."), { code: "invalid", params });
  }
  const short = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = mappedIpv4.exec(short);
  if (mapped === null) return short;
  const bytes = [mapped[1]!, mapped[2]!].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff]);
  return unpackIpv4 ? bytes.join(".") : `::ffff:${bytes.join(".")}`;
}
