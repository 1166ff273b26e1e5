import { ormErrors } from "../../errors.ts";
import { Expression } from "../../expressions/expression.ts";
import { quoteName } from "../../names.ts";
import type { Compiled, Scope } from "../scope.ts";
import type { SourceScope } from "./rows-source.ts";

/** A value of the query that another reads from, where the outer query names it. */
export class SourceColumn<V> extends Expression<V> {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  override compile(scope: Scope): Compiled {
    const value = (scope as Partial<SourceScope>).opened?.values.get(this.name);
    if (value === undefined) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `"${this.name}" is a value of another query, which this part of the query cannot see.`,
        hint: "Use it in the query's own filter, annotation or order.",
      });
    }
    return { sql: `${scope.alias}.${quoteName(this.name)}`, ...value };
  }
}
