import type { FormSource } from "../form-data.ts";

/**
 * Reads a list of objects as what the forms of a page would have sent: `form-TOTAL_FORMS` is its length, `form-1-name` the name
 * of its second object.
 */
export function listSource(list: readonly Readonly<Record<string, unknown>>[], prefix: string, initial: number): FormSource {
  const counts: Record<string, number> = {
    [`${prefix}-TOTAL_FORMS`]: list.length,
    [`${prefix}-INITIAL_FORMS`]: Math.min(initial, list.length),
  };
  const get = (name: string): unknown => {
    if (Object.hasOwn(counts, name)) return counts[name];
    const [, at, field] = /^(\d+)-(.+)$/.exec(name.startsWith(`${prefix}-`) ? name.slice(prefix.length + 1) : "") ?? [];
    const item = at === undefined ? undefined : list[Number(at)];
    return item !== null && typeof item === "object" && Object.hasOwn(item, field!) ? item[field!] : undefined;
  };
  return {
    has: (name) => get(name) !== undefined,
    get,
    getAll: (name) => {
      const value = get(name);
      if (value === undefined) return [];
      return Array.isArray(value) ? value : [value];
    },
  };
}
