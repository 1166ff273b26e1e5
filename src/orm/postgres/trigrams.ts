import type { Expression } from "../expressions/expression.ts";
import { outputs } from "../expressions/outputs.ts";
import { operand } from "../expressions/value.ts";
import { labelOf, type Lookup } from "../lookups/lookup.ts";
import type { Scope } from "../query/scope.ts";
import { postgresExpression, requirePostgres } from "./require-postgres.ts";

/** A text to compare with: a value or an expression. */
export type TrigramText = string | Expression<any>;

type Write = (text: string, other: string) => string;

function alike(name: string, given: { text: Expression<any>; other: TrigramText }, write: Write): Expression<number> {
  const side = (scope: Scope, one: unknown) => `CAST(${operand(scope, one, outputs.text).sql} AS text)`;
  return postgresExpression(`${name}()`, [given.text, given.other], (scope) => ({
    sql: write(side(scope, given.text), side(scope, given.other)),
    field: outputs.float,
    read: Number,
  }));
}

/** How alike two texts are, from 0 to 1 (extension `pg_trgm`). `trigramSimilarity(c.name, "esprso")` */
export function trigramSimilarity(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramSimilarity", { text, other }, (a, b) => `SIMILARITY(${a}, ${b})`);
}
/** How alike the other is to the most alike part of the text. `trigramWordSimilarity(c.name, "esprso")` */
export function trigramWordSimilarity(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramWordSimilarity", { text, other }, (a, b) => `WORD_SIMILARITY(${b}, ${a})`);
}
/** The same, of parts that are whole words. `trigramStrictWordSimilarity(c.name, "esprso")` */
export function trigramStrictWordSimilarity(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramStrictWordSimilarity", { text, other }, (a, b) => `STRICT_WORD_SIMILARITY(${b}, ${a})`);
}
/** How far apart two texts are: 1 less their similarity. `trigramDistance(c.name, "esprso")` */
export function trigramDistance(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramDistance", { text, other }, (a, b) => `(${a} <-> ${b})`);
}
/** 1 less the similarity of words. `trigramWordDistance(c.name, "esprso")` */
export function trigramWordDistance(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramWordDistance", { text, other }, (a, b) => `(${b} <<-> ${a})`);
}
/** 1 less the similarity of whole words. `trigramStrictWordDistance(c.name, "esprso")` */
export function trigramStrictWordDistance(text: Expression<any>, other: TrigramText): Expression<number> {
  return alike("trigramStrictWordDistance", { text, other }, (a, b) => `(${b} <<<-> ${a})`);
}

function similar(operator: string): Lookup {
  return {
    takes: "value",
    write: ({ sql, scope, left, right, compiler, values }) => {
      requirePostgres(scope, `A trigram lookup on ${labelOf(left)}`);
      const other =
        right === undefined ? compiler.param(values[0], compiler.converterFor(values[0], outputs.text)) : right[0]!.sql;
      return `CAST(${sql} AS text) ${operator} ${compiler.isLiteral ? other : `CAST(${other} AS text)`}`;
    },
  };
}

/** Whether texts are alike, beyond a threshold that the server keeps (`pg_trgm.similarity_threshold`, 0.3). */
export const trigramLookups: Readonly<Record<string, Lookup>> = {
  trigramSimilar: similar("%"),
  trigramWordSimilar: similar("%>"),
  trigramStrictWordSimilar: similar("%>>"),
};
