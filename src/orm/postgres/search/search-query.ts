import { ormErrors } from "../../errors.ts";
import { Expression, type Operand } from "../../expressions/expression.ts";
import { outputs } from "../../expressions/outputs.ts";
import { operand } from "../../expressions/value.ts";
import { Field } from "../../fields/field.ts";
import type { Compiled, Scope } from "../../query/scope.ts";
import { requirePostgres } from "../require-postgres.ts";
import { configSql, type SearchConfig } from "./search-config.ts";
import type { SearchWeight } from "./search-vector.ts";

/** How a text is read: as words, as words that follow one another, as people write in search boxes, or as PostgreSQL's own language. */
export type SearchType = "plain" | "phrase" | "websearch" | "raw";

export interface SearchQueryOptions {
  readonly type?: SearchType;
  /** How the words are read: `"english"`; else as the database's setting says. */
  readonly config?: SearchConfig;
}

/** What `tsquery` values are; no column has them. */
class TsqueryField extends Field<string> {
  readonly kind = "tsquery";
  override columnType(): string {
    return "tsquery";
  }
  override parse(value: unknown): string {
    return String(value);
  }
}
const queryField = Object.assign(new TsqueryField(), { name: "the search" });

/** Words to look for. */
export class SearchQuery extends Expression<string> {
  readonly #write: (scope: Scope) => string;
  readonly #parts: readonly unknown[];
  constructor(parts: readonly unknown[], write: (scope: Scope) => string) {
    super();
    this.#parts = parts;
    this.#write = write;
  }
  override get parts(): readonly unknown[] {
    return this.#parts;
  }
  /** Documents that have both. */
  and(other: SearchQuery): SearchQuery {
    return new SearchQuery([this, other], (scope) => `(${this.#write(scope)} && ${other.#write(scope)})`);
  }
  /** Documents that have one of both. */
  or(other: SearchQuery): SearchQuery {
    return new SearchQuery([this, other], (scope) => `(${this.#write(scope)} || ${other.#write(scope)})`);
  }
  /** Documents that have it not. */
  not(): SearchQuery {
    return new SearchQuery([this], (scope) => `(!!${this.#write(scope)})`);
  }
  override compile(scope: Scope): Compiled {
    requirePostgres(scope, "searchQuery()");
    return { sql: this.#write(scope), field: queryField };
  }
}

const readers = {
  plain: "PLAINTO_TSQUERY",
  phrase: "PHRASETO_TSQUERY",
  websearch: "WEBSEARCH_TO_TSQUERY",
  raw: "TO_TSQUERY",
} as const;

/**
 * Words to look for. Any text is fine but for `raw`, whose language has mistakes: give strangers `websearch`.
 *
 * ```ts
 * searchQuery("bitter cherry")
 * searchQuery('"sweet cherry" -sour', { type: "websearch", config: "english" })
 * searchQuery("cherry").and(searchQuery("sour").not())
 * ```
 */
export function searchQuery(text: Operand<string>, { type = "plain", config }: SearchQueryOptions = {}): SearchQuery {
  if (!Object.hasOwn(readers, type))
    throw ormErrors.ORM_BAD_QUERY({ reason: `searchQuery() is given the type ${JSON.stringify(type)}.`, hint: `It is one of: ${Object.keys(readers).join(", ")}.` }); // oxfmt-ignore
  return new SearchQuery([text], (scope) => `${readers[type]}(${configSql(scope, config)}${textOf(scope, text)})`);
}

function textOf(scope: Scope, given: Operand<string>): string {
  return operand(scope, given, outputs.text).sql;
}

export interface LexemeOptions {
  /** Words that begin so as well. */
  readonly prefix?: boolean;
  /** Only where the word has one of these weights. */
  readonly weights?: readonly SearchWeight[];
  readonly config?: SearchConfig;
}

/**
 * One word, whatever signs it has; safe with texts from outside.
 *
 * ```ts
 * lexeme("espr", { prefix: true }).and(lexeme("bitter", { weights: ["A"] }).not())
 * ```
 */
export function lexeme(word: string, { prefix = false, weights = [], config }: LexemeOptions = {}): SearchQuery {
  const plain = word.replaceAll("\0", "").trim();
  if (plain === "")
    throw ormErrors.ORM_BAD_QUERY({ reason: "lexeme() is given an empty word.", hint: "Leave it out of the search." });
  const written = `'${plain.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  const labels = `${prefix ? "*" : ""}${weights.filter((one) => /^[A-D]$/.test(one)).join("")}`;
  return searchQuery(`${written}${labels === "" ? "" : `:${labels}`}`, {
    type: "raw",
    ...(config === undefined ? {} : { config }),
  });
}

/** Words as a query: a text is read as plain words. */
export function querySql(scope: Scope, given: SearchQuery | string): string {
  return (typeof given === "string" ? searchQuery(given) : given).compile(scope).sql;
}
