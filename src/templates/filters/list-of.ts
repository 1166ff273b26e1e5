import { templatesErrors } from "../errors.ts";
import { SafeString } from "../safe-string.ts";
import { isPlain } from "../runtime/compare.ts";
import { quotedText } from "../runtime/text.ts";

/** A value's items, as Python would iterate over it; undefined when it has none. */
export function findList(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return [...value];
  if (value instanceof SafeString) return [...value.value];
  if (value instanceof Map) return [...value.keys()];
  if (typeof value !== "object" || value === null) return undefined;
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)];
  return isPlain(value) ? Object.keys(value) : undefined;
}

/** A value's items. @throws TEMPLATES_BAD_VALUE */
export function listOf(value: unknown): readonly unknown[] {
  const list = findList(value);
  if (list) return list;
  throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: `${quotedText(value)} is no list.` });
}

/** How many items a value has; 0 where it has none. */
export function lengthOf(value: unknown): number {
  if (value instanceof Map || value instanceof Set) return value.size;
  return findList(value)?.length ?? 0;
}
