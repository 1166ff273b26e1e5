import { isIPv6 } from "node:net";

const mappedV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Whose address it is, as far as calls are counted: an IPv4 address is one caller, and of an IPv6 address the first half is, since
 * whoever has one has all that begin so.
 *
 * ```ts
 * networkOf("203.0.113.9"); // "203.0.113.9"
 * networkOf("2001:db8::7"); // "2001:db8:0:0::/64"
 * ```
 */
export function networkOf(address: string): string {
  const plain = mappedV4.exec(address)?.[1];
  if (plain !== undefined || !isIPv6(address)) return plain ?? address;
  const [before = "", after] = address.split("%")[0]!.split("::");
  const [first, last] = [before.split(":"), after?.split(":") ?? []];
  const half = [...first, ...Array.from({ length: 8 - first.length - last.length }, () => "0"), ...last]
    .slice(0, 4)
    .map((group) => Number.parseInt(group || "0", 16).toString(16));
  return `${half.join(":")}::/64`;
}
