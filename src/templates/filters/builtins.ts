import type { RegisteredFilter } from "../library.ts";
import { defaultFilters } from "./defaults.ts";
import { escapingFilters } from "./escaping.ts";
import { listFilters } from "./lists.ts";
import { stringFilters } from "./strings.ts";

/** The filters of the language itself. */
export const builtinFilters: Readonly<Record<string, RegisteredFilter>> = {
  ...defaultFilters,
  ...escapingFilters,
  ...listFilters,
  ...stringFilters,
};
