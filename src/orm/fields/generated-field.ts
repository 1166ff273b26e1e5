import type { Expression } from "../expressions/expression.ts";
import type { DeclaredSql } from "../query/declared-sql.ts";
import { ormErrors } from "../errors.ts";
import type { Label } from "./choices.ts";
import { Field } from "./field.ts";

/** What a generated column is computed of. */
export interface GeneratedOptions<Output> {
  /** A function of the row's fields, or SQL for each database. It may name columns of the same row only. */
  expression: ((row: any) => Expression<any>) | Expression<any> | { readonly sql: DeclaredSql | string };
  /** The field whose values it has: `integer()`. */
  output: Output;
  /** Whether the database keeps the result; else it computes it whenever it is read. */
  stored?: boolean;
  unique?: boolean;
  dbIndex?: boolean;
  dbColumn?: string;
  dbComment?: string;
  verboseName?: Label;
  helpText?: Label;
}

/** The type of a generated field: its output's, never asked for by `create()`. */
export type GeneratedField<Output> = Output extends Field<infer V, any> ? Field<V, "optional"> : never;

/**
 * A column that the database computes from others of the row, and that nobody can write. It is its
 * `output` field in all but that: its values convert, compare and sort as that field's do.
 *
 * ```ts
 * total: generated({ expression: (c) => c.price.mul(c.amount), output: integer(), stored: true })
 * ```
 */
export function generated<const Output extends Field>(options: GeneratedOptions<Output>): GeneratedField<Output> {
  const { expression, output, stored = true, ...own } = options;
  if (!(output instanceof Field))
    throw ormErrors.ORM_BAD_FIELD_OPTION({
      field: "generated()",
      reason: "output is not a field",
      hint: "Say which values it has: output: integer().",
    });
  const copy = Object.assign(Object.create(Object.getPrototypeOf(output)) as Field, output);
  Object.assign(copy, { options: { ...output.options, ...own }, generation: { expression, stored } });
  return copy as Field as GeneratedField<Output>;
}
