import type { Expression } from "../expressions/expression.ts";
import { outputs } from "../expressions/outputs.ts";
import { labelOf } from "../lookups/lookup.ts";
import { addLookups, addTransforms } from "../lookups/lookups.ts";
import type { Compiled, Scope } from "../query/scope.ts";
import type { Lookups } from "../query/typing.ts";
import type { Range } from "./ranges/range.ts";
import { postgresExpression, requirePostgres } from "./require-postgres.ts";
import { matchLookup } from "./search/search-lookup.ts";
import { trigramLookups } from "./trigrams.ts";

// By its public name: declarations that a project writes name the types so, and `#orm` means nothing there.
declare module "cortado/orm" {
  interface CustomLookups<V> {
    /** PostgreSQL's text search: words that the text has. */
    search?: NonNullable<V> extends string ? string | Expression<any> : never;
    /** The texts are alike (extension `pg_trgm`). */
    trigramSimilar?: NonNullable<V> extends string ? string | Expression<any> : never;
    trigramWordSimilar?: NonNullable<V> extends string ? string | Expression<any> : never;
    trigramStrictWordSimilar?: NonNullable<V> extends string ? string | Expression<any> : never;
    /** Both texts without their accents (extension `unaccent`). */
    unaccent?: NonNullable<V> extends string ? string | Lookups<string> : never;
    /** The value lies in the range (PostgreSQL). */
    containedBy?: Range<NonNullable<V>> | Expression<any>;
  }
}

const texts = "char text slug email url uuid file image filePath citext".split(" ");

addLookups(texts, { search: matchLookup, ...trigramLookups });

/** Without accents on both sides. */
function withoutAccents(left: Compiled, scope: Scope): Compiled {
  requirePostgres(scope, `The transform unaccent on ${labelOf(left)}`);
  const change = (sql: string) => `UNACCENT(CAST(${sql} AS text))`;
  const both = (side: string) => change(left.both === undefined ? side : left.both(side));
  return { sql: change(left.sql), field: outputs.text, label: labelOf(left), both };
}

addTransforms(texts, { unaccent: withoutAccents });

/** A text without accents: é becomes e (extension `unaccent`). `unaccent(c.name)` */
export function unaccent(text: Expression<any>): Expression<string> {
  return postgresExpression("unaccent()", [text], (scope) => ({
    sql: `UNACCENT(CAST(${text.compile(scope).sql} AS text))`,
    field: outputs.text,
  }));
}
