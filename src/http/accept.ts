import { type QualityEntry, qualityEntry, qualityList } from "./quality-list.ts";

/** One entry of an `Accept` header. */
interface MediaRange {
  type: string;
  subtype: string;
  parameters: string;
  quality: number;
}

function rangeOf({ name, parameters, quality }: QualityEntry): MediaRange {
  const [type = "", subtype = ""] = name.split("/");
  return { type, subtype, parameters: parameters.toSorted().join(";"), quality };
}

/** How exactly a range names a type: 0 not at all, 4 with its parameters. */
function closeness({ type, subtype, parameters }: MediaRange, wanted: MediaRange): number {
  if (type === "*") return subtype === "*" || subtype === "" ? 1 : 0;
  if (type !== wanted.type) return 0;
  if (subtype === "*") return 2;
  if (subtype !== wanted.subtype) return 0;
  if (parameters === "") return 3;
  return parameters === wanted.parameters ? 4 : 0;
}

/**
 * How much a client wants a type, by its `Accept` header: 0 (not at all) to 1. The closest entry counts; without a header
 * everything is wanted.
 */
export function qualityOf(accept: string | undefined, type: string): number {
  if (accept === undefined || accept.trim() === "") return 1;
  const wanted = rangeOf(qualityEntry(type.toLowerCase()));
  let [best, bestCloseness] = [0, 0];
  for (const range of qualityList(accept).map(rangeOf)) {
    const close = closeness(range, wanted);
    if (close > bestCloseness) [best, bestCloseness] = [range.quality, close];
  }
  return best;
}

/** The type that a client wants most; of equals the first. Undefined where it wants none of them. */
export function preferredType(accept: string | undefined, types: readonly string[]): string | undefined {
  let [best, most]: [string | undefined, number] = [undefined, 0];
  for (const type of types) {
    const quality = qualityOf(accept, type);
    if (quality > most) [best, most] = [type, quality];
  }
  return best;
}
