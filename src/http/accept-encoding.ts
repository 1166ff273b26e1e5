import { qualityList } from "./quality-list.ts";

/** The coding that a client wants most by its `Accept-Encoding`, of equals the first; undefined where it takes none of them. */
export function preferredCoding<Coding extends string>(
  header: string | readonly string[] | undefined,
  codings: readonly Coding[],
): Coding | undefined {
  if (header === undefined) return undefined;
  const wanted = new Map(qualityList(String(header)).map(({ name, quality }) => [name, quality]));
  let [best, most]: [Coding | undefined, number] = [undefined, 0];
  for (const coding of codings) {
    const quality = wanted.get(coding) ?? wanted.get("*") ?? 0;
    if (quality > most) [best, most] = [coding, quality];
  }
  return best;
}
