import { defineApp } from "#kernel";
import { CacheEntry } from "./cache-entry-model.ts";

/** The table of caches in the database. A project has it where one of its caches is there. */
export const cacheApp = defineApp({ name: "cache", models: { CacheEntry }, directory: import.meta.dirname });
