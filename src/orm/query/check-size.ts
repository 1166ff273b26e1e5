import { ormErrors } from "../errors.ts";
import { shownName } from "../fields/shown-value.ts";

/** How many at a time, or at most. @throws ORM_BAD_QUERY for what is no whole number from one: reading in batches of none never ends */
export function checkSize(size: number, name: string): void {
  if (Number.isSafeInteger(size) && size > 0) return;
  throw ormErrors.ORM_BAD_QUERY({ reason: `${name} is ${shownName(size)}.`, hint: "Give a whole number from one." });
}
