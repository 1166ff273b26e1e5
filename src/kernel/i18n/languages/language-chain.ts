/**
 * A language after those that it is a kind of.
 *
 * ```ts
 * chainOf("zh-hant-tw"); // ["zh", "zh-hant", "zh-hant-tw"]
 * ```
 */
export function chainOf(code: string): string[] {
  const parts = code.split("-");
  return parts.map((_, index) => parts.slice(0, index + 1).join("-"));
}
