/** A column as its database describes it. */
export interface ColumnDescription {
  readonly name: string;
  /** The type in small letters, without its numbers: `varchar`, `integer unsigned`, `timestamp with time zone`, `integer[]`. */
  readonly type: string;
  /** The numbers of the type: a text's greatest length, or a decimal's digits and places. */
  readonly sizes: readonly number[];
  readonly null: boolean;
  /** The default as SQL. */
  readonly defaultSql: string | undefined;
  /** How the database computes it, as SQL. */
  readonly generated: { readonly sql: string; readonly stored: boolean } | undefined;
  /** Whether the database allots its values. */
  readonly identity: boolean;
  readonly comment: string | undefined;
}

/** A reference of a table to another, or to itself. */
export interface ForeignKeyDescription {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targetColumns: readonly string[];
  /** `CASCADE`, `SET NULL`, `SET DEFAULT`, `RESTRICT`; undefined for none. */
  readonly onDelete: string | undefined;
}

/** An index, or a rule that rows differ. */
export interface IndexDescription {
  readonly name: string;
  /** Undefined stands for an expression; a leading "-" for descending. */
  readonly columns: readonly (string | undefined)[];
  readonly unique: boolean;
  /** The condition of a partial index, as SQL. */
  readonly condition: string | undefined;
  /** The whole statement or definition, for a reader. */
  readonly sql: string;
}

/** A condition that the rows of a table meet. */
export interface CheckDescription {
  readonly name: string | undefined;
  readonly sql: string;
}

/** A table or a view. */
export interface TableDescription {
  readonly name: string;
  readonly kind: "table" | "view";
  readonly columns: readonly ColumnDescription[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKeyDescription[];
  readonly indexes: readonly IndexDescription[];
  readonly checks: readonly CheckDescription[];
  readonly comment: string | undefined;
}
