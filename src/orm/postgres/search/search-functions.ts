import { ormErrors } from "../../errors.ts";
import type { Expression } from "../../expressions/expression.ts";
import { outputs } from "../../expressions/outputs.ts";
import { postgresExpression } from "../require-postgres.ts";
import { configSql, type SearchConfig } from "./search-config.ts";
import { querySql, type SearchQuery } from "./search-query.ts";
import { documentSql } from "./search-vector.ts";

export interface SearchRankOptions {
  /** What words of the weights D, C, B, A count, from 0 to 1; else 0.1, 0.2, 0.4, 1. */
  readonly weights?: readonly [d: number, c: number, b: number, a: number];
  /** How long documents are treated: PostgreSQL's numbers, added up. */
  readonly normalization?: number;
  /** How near to one another the words are counts too. */
  readonly coverDensity?: boolean;
}

/**
 * How well a document fits, a number to order by.
 *
 * ```ts
 * Coffee.objects.annotate((c) => ({ rank: searchRank(c.name, searchQuery("cherry")) })).orderBy("-rank")
 * ```
 */
export function searchRank(
  document: Expression<any>,
  query: SearchQuery | string,
  { weights, normalization, coverDensity = false }: SearchRankOptions = {},
): Expression<number> {
  if (normalization !== undefined && !(Number.isInteger(normalization) && normalization >= 0 && normalization < 64))
    throw ormErrors.ORM_BAD_QUERY({ reason: `searchRank() is given the normalization ${normalization}.`, hint: "It is a sum of 1, 2, 4, 8, 16 and 32." }); // oxfmt-ignore
  return postgresExpression("searchRank()", [document, query], (scope) => {
    const { compiler } = scope;
    const first = weights === undefined ? "" : `CAST(${compiler.param(`{${weights.map(Number).join(",")}}`)} AS real[]), `;
    const last = normalization === undefined ? "" : `, ${normalization}`;
    const call = `${coverDensity ? "TS_RANK_CD" : "TS_RANK"}(${first}${documentSql(scope, document)}, ${querySql(scope, query)}${last})`;
    return { sql: call, field: outputs.float, read: Number };
  });
}

export interface SearchHeadlineOptions {
  readonly config?: SearchConfig;
  /** What stands before and behind a found word; default `<b>` and `</b>`. */
  readonly startSel?: string;
  readonly stopSel?: string;
  readonly maxWords?: number;
  readonly minWords?: number;
  readonly shortWord?: number;
  readonly highlightAll?: boolean;
  readonly maxFragments?: number;
  readonly fragmentDelimiter?: string;
}

const headlineNames = {
  startSel: "StartSel",
  stopSel: "StopSel",
  maxWords: "MaxWords",
  minWords: "MinWords",
  shortWord: "ShortWord",
  highlightAll: "HighlightAll",
  maxFragments: "MaxFragments",
  fragmentDelimiter: "FragmentDelimiter",
} as const;

/**
 * The part of a text in which the words were found, with marks around them. The rest of the text is not
 * escaped: what people wrote is no HTML, marks or not.
 *
 * ```ts
 * searchHeadline(c.name, searchQuery("cherry"), { startSel: "<mark>", stopSel: "</mark>", maxWords: 20 })
 * ```
 */
export function searchHeadline(
  text: Expression<any>,
  query: SearchQuery | string,
  { config, ...options }: SearchHeadlineOptions = {},
): Expression<string> {
  const written = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${headlineNames[name as keyof typeof headlineNames]}=${optionText(value)}`);
  return postgresExpression("searchHeadline()", [text, query], (scope) => {
    const head = configSql(scope, config);
    const call = `${head}COALESCE(CAST(${text.compile(scope).sql} AS text), ''), ${querySql(scope, query)}`;
    const last = written.length === 0 ? "" : `, ${scope.compiler.param(written.join(", "))}`;
    return { sql: `TS_HEADLINE(${call}${last})`, field: outputs.text };
  });
}

function optionText(value: string | number | boolean): string {
  return typeof value === "string" ? `"${value.replaceAll('"', '""')}"` : String(value);
}
