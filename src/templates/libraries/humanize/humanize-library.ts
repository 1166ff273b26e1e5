import type { Library } from "../../library.ts";
import { numberFilters } from "./numbers.ts";
import { timeFilters } from "./times.ts";

/** `{% load humanize %}`: numbers and times as people say them. */
export const humanizeLibrary: Library = { tags: {}, filters: { ...numberFilters, ...timeFilters } };
