import { kernelErrors } from "../../errors.ts";

const known = new Set<string>(["UTC"]);

/**
 * Whether a name is that of a time zone.
 *
 * ```ts
 * isTimeZone("Asia/Seoul"); // true
 * ```
 */
export function isTimeZone(zone: string): boolean {
  if (known.has(zone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    return false;
  }
  known.add(zone);
  return true;
}

/** The time zone, which must be one. @throws KERNEL_UNKNOWN_TIME_ZONE */
export function knownTimeZone(zone: string): string {
  if (typeof zone === "string" && isTimeZone(zone)) return zone;
  throw kernelErrors.KERNEL_UNKNOWN_TIME_ZONE({ given: zone, known: Intl.supportedValuesOf("timeZone") });
}
