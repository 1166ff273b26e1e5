import type { Operation } from "../operations/operation.ts";
import { mayPass, reduce } from "./reduce.ts";
import type { Place } from "./references.ts";

/**
 * How it works
 *
 * Each operation is held against those after it, as far as it could be moved past everything between.
 * Where two come to less, they are replaced by what they come to: at the place of the later one when the
 * earlier one may move there, else at the place of the earlier one when the later one may move back.
 * This is repeated until nothing changes, so that a model created, altered and deleted leaves nothing.
 */
export function optimize(operations: readonly Operation[], place: Place): Operation[] {
  let before = [...operations];
  for (;;) {
    const after = once(before, place);
    if (after === undefined) return before;
    before = after;
  }
}

/** The operations with one pair joined; undefined when there is nothing to join. */
function once(operations: readonly Operation[], place: Place): Operation[] | undefined {
  for (const [at, first] of operations.entries()) {
    const joined = joinedWithLater(operations, at, place);
    if (joined) return [...operations.slice(0, operations.indexOf(first)), ...joined];
  }
  return undefined;
}

/** What stands from one operation on, once it has been joined with one of those after it. */
function joinedWithLater(operations: readonly Operation[], at: number, place: Place): Operation[] | undefined {
  const first = operations[at]!;
  let movesOn = true;
  for (let next = at + 1; next < operations.length; next++) {
    const later = operations[next]!;
    const result = reduce(first, later, place);
    if (typeof result === "boolean") {
      movesOn &&= result;
      continue;
    }
    const between = operations.slice(at + 1, next);
    const rest = operations.slice(next + 1);
    if (movesOn) return [...between, ...result, ...rest];
    if (between.every((one) => mayPass(one, later, place))) return [...result, ...between, ...rest];
    return undefined;
  }
  return undefined;
}
