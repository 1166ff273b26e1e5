/** The first name that is there a second time. Lists come from callers, so that each name is looked at once. */
export function repeatedName(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
