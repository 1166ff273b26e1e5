import type { RegisteredFilter } from "../library.ts";
import { dateFilters } from "./dates.ts";
import { defaultFilters } from "./defaults.ts";
import { escapingFilters } from "./escaping.ts";
import { jsonFilters } from "./json-script.ts";
import { listFilters } from "./lists.ts";
import { numberFilters } from "./numbers.ts";
import { paragraphFilters } from "./paragraphs.ts";
import { stringFilters } from "./strings.ts";
import { truncateFilters } from "./truncate.ts";
import { urlFilters } from "./urls.ts";

/** The filters of the language itself. */
export const builtinFilters: Readonly<Record<string, RegisteredFilter>> = {
  ...dateFilters,
  ...defaultFilters,
  ...escapingFilters,
  ...jsonFilters,
  ...listFilters,
  ...numberFilters,
  ...paragraphFilters,
  ...stringFilters,
  ...truncateFilters,
  ...urlFilters,
};
