import { gettext, interpolate } from "#kernel/i18n";
import type { BoundField } from "./bound-field.ts";
import type { ErrorList } from "./error-list.ts";

/** What refused the whole form, and what refused fields that are not seen. */
export function topErrors(nonFieldErrors: ErrorList, hidden: readonly BoundField[]): ErrorList {
  const refused = hidden.filter((field) => field.errors.length > 0);
  if (refused.length === 0) return nonFieldErrors;
  const all = Object.assign(new (nonFieldErrors.constructor as new () => ErrorList)(), nonFieldErrors);
  for (const field of refused) {
    for (const error of field.errors)
      all.push(interpolate(gettext("(Hidden field %(name)s) %(error)s"), { name: field.name, error }));
  }
  return all;
}
