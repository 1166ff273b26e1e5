import { Instance } from "./rows/instance.ts";

/** What models may add to their rows by convention, and what would make a row a promise. */
const byConvention: ReadonlySet<string> = new Set(["clean", "fromDatabase", "prototype", "then"]);

/** Whether a field cannot have this name, because every row has a member of it or may have one. */
export function isReservedName(name: string): boolean {
  return name in Instance.prototype || byConvention.has(name);
}
