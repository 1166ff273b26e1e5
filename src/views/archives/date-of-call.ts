import { HttpError } from "#http";
import { gettext } from "#kernel/i18n";
import type { Temporal } from "#validation";
import type { Params, ViewCall } from "../generic/view-call.ts";
import { readDate } from "./read-date.ts";

/** How the parts of a date stand in an address, as Python's `strptime` names them. A number of `<int:month>` is always one. */
export interface DateFormats {
  /** `%Y` (the default) or `%y`. */
  yearFormat?: "%Y" | "%y" | undefined;
  /** `%b` (`oct`, the default), `%B` (`october`) or `%m` (`10`). */
  monthFormat?: "%b" | "%B" | "%m" | undefined;
  /** `%U` (from Sunday, the default), `%W` (from Monday) or `%V` (ISO). */
  weekFormat?: "%U" | "%W" | "%V" | undefined;
  /** `%d`. */
  dayFormat?: "%d" | undefined;
}

type Part = "year" | "month" | "week" | "day";

const defaults = { year: "%Y", month: "%b", week: "%U", day: "%d" } as const;

/** The parts are looked for among the parameters of the address, then in the query. @throws HttpError 404 */
export function dateOf(call: ViewCall<any>, parts: readonly Part[], formats: DateFormats): Temporal.PlainDate {
  const read = (part: Part) => {
    const given: unknown = (call.params as Params)[part] ?? call.request.query.get(part);
    if (given === undefined || given === null) throw new HttpError(404, missing[part]());
    return { given, format: formats[`${part}Format`] ?? defaults[part] };
  };
  return readDate(Object.fromEntries(parts.map((part) => [part, read(part)])) as never);
}

const missing: Readonly<Record<Part, () => string>> = {
  year: () => gettext("No year specified"),
  month: () => gettext("No month specified"),
  week: () => gettext("No week specified"),
  day: () => gettext("No day specified"),
};
