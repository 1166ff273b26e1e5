import { Expression } from "../../expressions/expression.ts";
import type { Scope } from "../../query/scope.ts";

/** A configuration of text search, `"english"`, or an expression that gives one. */
export type SearchConfig = string | Expression<any>;

/** A configuration as the first argument of a function, with the comma after it; empty where there is none. */
export function configSql(scope: Scope, config: SearchConfig | undefined): string {
  if (config === undefined) return "";
  const sql = config instanceof Expression ? config.compile(scope).sql : scope.compiler.param(config);
  return `CAST(${sql} AS regconfig), `;
}
