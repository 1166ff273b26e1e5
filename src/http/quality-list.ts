/** One entry of a header such as `Accept`, `Accept-Encoding` or `Accept-Language`. */
export interface QualityEntry {
  /** In small letters. */
  readonly name: string;
  /** What stands before the quality, such as `charset=utf-8`. */
  readonly parameters: readonly string[];
  /** How much it is wanted: 0 (not at all) to 1. */
  readonly quality: number;
}

/** Reads the entries of a header that says how much each is wanted. */
export function qualityList(header: string): QualityEntry[] {
  return header.toLowerCase().split(",").map(qualityEntry);
}

/** Reads one entry: `text/html;level=1;q=0.8`. A quality that is none makes it unwanted. */
export function qualityEntry(entry: string): QualityEntry {
  const [name = "", ...rest] = entry.split(";").map((part) => part.trim());
  const at = rest.findIndex((parameter) => /^q\s*=/.test(parameter));
  if (at < 0) return { name, parameters: rest, quality: 1 };
  const quality = Number(rest[at]!.replace(/^q\s*=\s*/, ""));
  return { name, parameters: rest.slice(0, at), quality: quality > 0 && quality <= 1 ? quality : 0 };
}
