const BARE = /NaN|Infinity/;
/** A string, which is left as it is, or one of the tokens that JSON does not have. A string that does not end goes to the end. */
const STRING_OR_BARE = /"(?:[^"\\]|\\[^])*(?:"|\\?$)|-?\bInfinity\b|\bNaN\b/g;
/** Infinities as numbers beyond the largest; null is NaN where numbers with a fraction go. */
const replacements: Readonly<Record<string, string>> = { NaN: "null", Infinity: "1e999", "-Infinity": "-1e999" };

/** JSON text without the bare tokens `NaN`, `Infinity` and `-Infinity`, which some servers and clients write. */
export function withoutBareTokens(text: string): string {
  return BARE.test(text) ? text.replace(STRING_OR_BARE, (token) => replacements[token] ?? token) : text;
}
