import type { DatabaseSync } from "node:sqlite";
import { defineDecimals } from "./functions/decimals.ts";
import { defineJson } from "./functions/json.ts";
import { definePatterns } from "./functions/patterns.ts";
import { defineStatistics } from "./functions/statistics.ts";
import { defineTexts } from "./functions/texts.ts";
import { defineTimes } from "./functions/times.ts";

/** Gives a connection the functions that SQLite lacks: what PostgreSQL has, with the same results. */
export function registerFunctions(connection: DatabaseSync): void {
  defineDecimals(connection);
  defineStatistics(connection);
  defineTexts(connection);
  defineTimes(connection);
  defineJson(connection);
  definePatterns(connection);
}
