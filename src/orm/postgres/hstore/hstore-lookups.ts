import { outputs } from "../../expressions/outputs.ts";
import { text } from "../../fields/text-fields.ts";
import { type Lookup, labelOf, type Transform } from "../../lookups/lookup.ts";
import type { Compiler } from "../../query/compiler.ts";
import { ArrayField } from "../arrays/array-field.ts";
import { requirePostgres } from "../require-postgres.ts";
import { operatorLookup, wholeLookups } from "../whole-lookups.ts";

/** One key or several, as one list. */
function keys(operator: string): Lookup {
  return {
    takes: "keys",
    write: ({ sql, compiler, values, scope, left }) => {
      requirePostgres(scope, `A lookup on ${labelOf(left)}`);
      const plain = compiler.converterFor("", outputs.text)!;
      const place = compiler.param(values[0], (given) => [given].flat().map((key) => plain(String(key))));
      return `${sql} ${operator} ${compiler.isLiteral ? place : `CAST(${place} AS text[])`}`;
    },
  };
}

export const hstoreLookups: Readonly<Record<string, Lookup>> = {
  ...wholeLookups,
  contains: operatorLookup("@>"),
  containedBy: operatorLookup("<@"),
  hasKey: keys("?&"),
  hasKeys: keys("?&"),
  hasAnyKeys: keys("?|"),
};

const texts = Object.assign(new ArrayField(text({ null: true })), { name: "the expression" });

/** `keys` and `values` are lists; any other name is a key, and what it holds a text. */
export function hstoreTransform(name: string): Transform {
  const list = name === "keys" ? "AKEYS" : name === "values" ? "AVALS" : undefined;
  return {
    kinds: undefined,
    apply: (left, scope) => {
      requirePostgres(scope, `A lookup on ${labelOf(left)}`);
      if (list !== undefined) return { sql: `${list}(${left.sql})`, field: texts, label: labelOf(left) };
      return { sql: `(${left.sql} -> ${keySql(scope.compiler, name)})`, field: outputs.text, label: labelOf(left) };
    },
  };
}

function keySql(compiler: Compiler, key: string): string {
  const place = compiler.param(key, compiler.converterFor(key, outputs.text));
  return compiler.isLiteral ? place : `CAST(${place} AS text)`;
}
