import { datatypes } from "./datatypes.ts";
import type { Signature } from "./signature.ts";

/** A run of digits that a double cannot hold, standing alone as a JSON number. */
const LONG_INTEGER = /[[,:\s]-?\d{16,}\s*[\],}]/;

/** No more digits than 64 bits have: reading an endless number would take long, and no tensor holds it. */
const DIGITS = 20;

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** JSON text with the integers that a double cannot hold as `bigint`; undefined where it has none. The text has been checked. */
export function parseExact(text: string, mostDigits = DIGITS): unknown {
  if (!LONG_INTEGER.test(text)) return undefined;
  const exactInteger: Reviver = (_key, value, { source = "" }) => {
    if (typeof value !== "number" || Number.isSafeInteger(value) || source.length > mostDigits + 1) return value;
    return /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, exactInteger as (key: string, value: unknown) => unknown);
}

/** True where a model takes integers that a double cannot hold. */
export function takesLongIntegers(signature: Signature | undefined): boolean {
  return signature?.inputs.some((spec) => datatypes[spec.datatype].kind === "bigint") ?? false;
}
