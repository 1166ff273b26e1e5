import { ormErrors } from "../../errors.ts";
import type { Field } from "../../fields/field.ts";
import type { ModelMeta } from "../../model/meta.ts";
import type { Compiler } from "../compiler.ts";
import type { QueryState } from "../query-state.ts";
import type { Read } from "../read-values.ts";
import { Scope } from "../scope.ts";

/** A value that a source gives beside the model's own columns. */
export interface SourceValue {
  readonly field: Field | undefined;
  readonly read: Read;
}

/** A source that was written into a statement. */
export interface OpenedSource {
  /** What stands after FROM: a query in parentheses, or a name. */
  readonly sql: string;
  /** The columns of the model that it gives. */
  readonly columns: ReadonlySet<string>;
  /** What it gives beside them, by name. */
  readonly values: ReadonlyMap<string, SourceValue>;
}

/** Writes the SELECT of a query, with the columns that the function names. */
export type WriteSelect = (state: QueryState, compiler: Compiler, columnsOf: (scope: Scope) => string[]) => string;

/** Rows that come from a query instead of a table. */
export interface RowsSource {
  open(compiler: Compiler, select: WriteSelect): OpenedSource;
}

/** A SELECT's scope that reads a source: its columns are those that the source gives. */
export class SourceScope extends Scope {
  readonly opened: OpenedSource;
  constructor(compiler: Compiler, meta: ModelMeta, opened: OpenedSource) {
    super(compiler, meta);
    this.opened = opened;
  }
  override get from(): string {
    return `${this.opened.sql} ${this.alias}`;
  }
  override column(field: Field): string {
    if (!field.isComposite && !this.opened.columns.has(field.column)) {
      throw ormErrors.ORM_BAD_QUERY({
        reason: `${field.label} is not among the values of the query that this one reads from.`,
        hint: `Name it there too: values(…, "${field.name}").`,
      });
    }
    return super.column(field);
  }
}
