import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import { operand } from "../../expressions/value.ts";
import { outputs } from "../../expressions/outputs.ts";
import type { Compiled, Scope } from "../../query/scope.ts";
import { requirePostgres } from "../require-postgres.ts";
import { configSql, type SearchConfig } from "./search-config.ts";
import { TsvectorField } from "./tsvector-field.ts";

/** How much words count: `A` most, `D` least. */
export type SearchWeight = "A" | "B" | "C" | "D";

export interface SearchVectorOptions {
  /** How the words are read: `"english"`; else as the database's setting says. */
  readonly config?: SearchConfig;
  readonly weight?: SearchWeight;
}

/** A document made of texts, ready to be searched. */
export class SearchVector extends Expression<string> {
  readonly #write: (scope: Scope) => string;
  readonly #parts: readonly unknown[];
  readonly #config: SearchConfig | undefined;
  constructor(parts: readonly unknown[], config: SearchConfig | undefined, write: (scope: Scope) => string) {
    super();
    this.#parts = parts;
    this.#config = config;
    this.#write = write;
  }
  override get parts(): readonly unknown[] {
    return this.#parts;
  }
  /** Both documents, one after the other: parts of different weight. */
  concat(other: SearchVector): SearchVector {
    const config = this.#config === other.#config ? this.#config : undefined;
    return new SearchVector([this, other], config, (scope) => `(${this.#write(scope)} || ${other.#write(scope)})`);
  }
  override compile(scope: Scope): Compiled {
    requirePostgres(scope, "searchVector()");
    return { sql: this.#write(scope), field: documentField(this.#config) };
  }
}

function documentField(config: SearchConfig | undefined): TsvectorField {
  return Object.assign(new TsvectorField(config === undefined ? {} : { config: config as string }), { name: "the document" });
}

/**
 * A document of one or more texts. Nulls are empty texts.
 *
 * ```ts
 * searchVector(c.name)
 * searchVector(c.name, { weight: "A" }).concat(searchVector(c.roaster.name, { weight: "B", config: "english" }))
 * ```
 */
export function searchVector(...given: readonly [Expression<any>, ...(Expression<any> | SearchVectorOptions)[]]): SearchVector {
  const texts = given.filter((one) => one instanceof Expression);
  const { config, weight } = (given.find((one) => !(one instanceof Expression)) ?? {}) as SearchVectorOptions;
  if (weight !== undefined && !["A", "B", "C", "D"].includes(weight))
    throw ormErrors.ORM_BAD_QUERY({ reason: `searchVector() is given the weight ${JSON.stringify(weight)}.`, hint: 'A weight is "A", "B", "C" or "D".' }); // oxfmt-ignore
  return new SearchVector(
    given.filter((one) => one instanceof Expression),
    config,
    (scope) => {
      const head = configSql(scope, config);
      const words = texts
        .map((text) => `COALESCE(CAST(${operand(scope, text, outputs.text).sql} AS text), '')`)
        .join(" || ' ' || ");
      return weight === undefined ? `TO_TSVECTOR(${head}${words})` : `SETWEIGHT(TO_TSVECTOR(${head}${words}), '${weight}')`;
    },
  );
}

/** What is searched: a document as it is, or a text that is made one. */
export function documentSql(scope: Scope, given: Expression<any>): string {
  const { sql, field } = given.compile(scope);
  return field?.kind === "tsvector" ? sql : `TO_TSVECTOR(COALESCE(CAST(${sql} AS text), ''))`;
}
