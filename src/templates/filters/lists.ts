import { filter } from "../library.ts";
import { safe, SafeString } from "../safe-string.ts";
import { textOf } from "../runtime/text.ts";
import { htmlOf } from "./escaping.ts";
import { findList } from "./list-of.ts";

export const listFilters = {
  first: filter((value) => (findList(value) ?? [""])[0] ?? "", { argument: "none" }),
  last: filter((value) => (findList(value) ?? [""]).at(-1) ?? "", { argument: "none" }),
  length: filter((value) => lengthOf(value), { argument: "none" }),
  join: filter((value, separator, { autoescape }) => {
    const list = findList(value);
    if (!list) return value;
    if (!autoescape) return safe(list.map((item) => textOf(item)).join(textOf(separator)));
    return safe(list.map((item) => htmlOf(item).value).join(htmlOf(separator).value));
  }, { argument: "required", receivesSafe: true }),
}; // prettier-ignore

function lengthOf(value: unknown): number {
  if (value instanceof SafeString) return [...value.value].length;
  if (typeof value === "string") return [...value].length;
  if (value instanceof Map || value instanceof Set) return value.size;
  return findList(value)?.length ?? 0;
}
