import { gettext } from "#kernel/i18n";
import { filter } from "../library.ts";
import { truthy } from "../runtime/compare.ts";
import { textOf } from "../runtime/text.ts";

const required = { argument: "required" } as const;

export const defaultFilters = {
  default: filter((value, argument) => (truthy(value) ? value : argument), { ...required, receivesSafe: true }),
  default_if_none: filter((value, argument) => value ?? argument, { ...required, receivesSafe: true }),
  yesno: filter((value: unknown, argument: unknown) => {
    const words = textOf(argument ?? gettext("yes,no,maybe")).split(",");
    const [yes, no] = words;
    if (no === undefined) return value;
    if (value === null || value === undefined) return words.length === 3 ? words[2] : no;
    return truthy(value) ? yes : no;
  }, { argument: "optional", receivesSafe: true }),
}; // prettier-ignore
