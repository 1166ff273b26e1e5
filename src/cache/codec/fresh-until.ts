/*
 * A value that `getOrSet` made carries the moment from which it should be made anew, though it is kept a while longer:
 * `@1767225600000 sText`. A whole number carries none, so that it stays a number for `increment`.
 */

/** A text with the moment until which it is fresh. */
export function withFreshness(text: string, until: number | null): string {
  return until === null || !/^[sjt]/.test(text) ? text : `@${Math.floor(until)} ${text}`;
}

/** The text without its moment, and the moment: Infinity where there is none. */
export function readFreshness(kept: string): { text: string; until: number } {
  if (kept[0] !== "@") return { text: kept, until: Infinity };
  const at = kept.indexOf(" ");
  return { text: kept.slice(at + 1), until: Number(kept.slice(1, at)) };
}
