import { createHash } from "node:crypto";

/** The longest name that PostgreSQL keeps whole. */
export const nameLimit = 63;

/** `shop_coffee_name_idx`; a name too long keeps its beginning and gets a digest. */
export function fittingName(parts: readonly string[], ending: string): string {
  const whole = [...parts, ending].join("_");
  if (Buffer.byteLength(whole) <= nameLimit) return whole;
  const digest = createHash("sha256").update(whole).digest("hex").slice(0, 8);
  const beginning = Buffer.from(whole)
    .subarray(0, nameLimit - ending.length - 10)
    .toString()
    .replace(/\uFFFD+$/, "");
  return `${beginning}_${digest}_${ending}`;
}
