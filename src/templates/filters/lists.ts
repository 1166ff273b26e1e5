import { filter, type FilterState } from "../library.ts";
import { parsePath } from "../expression.ts";
import { equal, order } from "../runtime/compare.ts";
import { follow } from "../runtime/lookup.ts";
import { textOf } from "../runtime/text.ts";
import { safe } from "../safe-string.ts";
import { htmlOf } from "./escaping.ts";
import { findList, lengthOf, listOf } from "./list-of.ts";
import { wholeNumber } from "./numbers.ts";

function join(value: unknown, separator: unknown, state: FilterState): unknown {
  const list = findList(value);
  if (!list) return value;
  if (!state.autoescape) return safe(list.map((item) => textOf(item)).join(textOf(separator)));
  return safe(list.map((item) => htmlOf(item).value).join(htmlOf(separator).value));
}

/** Python's slices of texts and lists: `:5`, `1:`, `-2:`, `::2`. */
function slice(value: unknown, argument: unknown): unknown {
  const parts = textOf(argument).split(":").map((part) => (part === "" ? undefined : (wholeNumber(part) ?? Number.NaN))); // prettier-ignore
  const isText = typeof value === "string";
  if (parts.length > 3 || parts.some((part) => Number.isNaN(part)) || (!isText && !Array.isArray(value))) return value;
  const items: readonly unknown[] = isText ? [...value] : (value as unknown[]);
  const [start, end, step = 1] = parts.length === 1 ? [undefined, parts[0]] : parts;
  const taken = step === 1 ? items.slice(start, end) : stepped(items, { start, end, step });
  return isText ? taken.join("") : taken;
}

function stepped(
  items: readonly unknown[],
  { start, end, step }: { start?: number | undefined; end?: number | undefined; step: number },
): unknown[] {
  const size = items.length;
  const forward = step > 0;
  const bound = (at: number | undefined, fallback: number) => {
    if (at === undefined) return fallback;
    const from = at < 0 ? at + size : at;
    return Math.max(forward ? 0 : -1, Math.min(forward ? size : size - 1, from));
  };
  const last = bound(end, forward ? size : -1);
  const taken: unknown[] = [];
  if (step === 0) return taken;
  for (let i = bound(start, forward ? 0 : size - 1); forward ? i < last : i > last; i += step) taken.push(items[i]);
  return taken;
}

function sortedBy(value: unknown, argument: unknown): readonly unknown[] | undefined {
  const path = parsePath(textOf(argument));
  const list = findList(value);
  if (!path || !list) return undefined;
  const keyed = list.map((item) => ({ item, key: follow(item, path) }));
  if (keyed.some(({ key }) => key === undefined || typeof key === "function")) return undefined;
  let comparable = true;
  keyed.sort((a, b) => {
    const sign = equal(a.key, b.key) ? 0 : order(a.key, b.key);
    if (sign === undefined) comparable = false;
    return sign ?? 0;
  });
  return comparable ? keyed.map(({ item }) => item) : undefined;
}

/** `<li>` items; a list after an item stands inside it. */
function unorderedList(list: readonly unknown[], state: FilterState, depth = 1): string {
  const indent = "\t".repeat(depth);
  const lines: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const text = state.autoescape ? htmlOf(list[i]).value : textOf(list[i]);
    const next = list[i + 1];
    const nested = Array.isArray(next) || next instanceof Set ? listOf(next) : undefined;
    if (nested) i++;
    const inner = nested ? `\n${indent}<ul>\n${unorderedList(nested, state, depth + 1)}\n${indent}</ul>\n${indent}` : "";
    lines.push(`${indent}<li>${text}${inner}</li>`);
  }
  return lines.join("\n");
}

export const listFilters = {
  dictsort: filter((value, key) => sortedBy(value, key) ?? "", { argument: "required" }),
  dictsortreversed: filter((value, key) => sortedBy(value, key)?.toReversed() ?? "", { argument: "required" }),
  first: filter((value) => findList(value)?.[0] ?? "", { argument: "none" }),
  join: filter((value, separator, state) => join(value, separator, state), { argument: "required", receivesSafe: true }),
  last: filter((value) => findList(value)?.at(-1) ?? "", { argument: "none", isSafe: true }),
  length: filter((value) => lengthOf(value), { argument: "none" }),
  make_list: filter((value: string) => [...value], { argument: "none", text: true }),
  random: filter((value) => {
    const list = listOf(value);
    return list.length === 0 ? "" : list[Math.floor(Math.random() * list.length)];
  }, { argument: "none" }),
  slice: filter(slice, { argument: "required", isSafe: true }),
  unordered_list: filter((value, _, state) => safe(unorderedList(listOf(value), state)), { argument: "none" }),
}; // prettier-ignore
