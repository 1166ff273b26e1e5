/** A type as it is written, in its parts: `VARCHAR(30)` is varchar and 30, `timestamp(3) with time zone` keeps its words. */
export function columnType(written: string): { type: string; sizes: number[] } {
  const sizes = /\(([\d\s,]+)\)/.exec(written)?.[1]?.split(",").map(Number) ?? [];
  const type = written
    .toLowerCase()
    .replace(/\s*\([\d\s,]+\)/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { type, sizes };
}
