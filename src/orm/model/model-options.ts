/** A rule that the table keeps for all rows. */
export type Constraint =
  | { readonly type: "unique"; readonly fields: readonly string[]; readonly name?: string }
  | { readonly type: "check"; readonly sql: string; readonly name: string };

/** An index over several fields; a leading "-" for descending. */
export interface Index {
  readonly fields: readonly string[];
  readonly name?: string;
}

/** What a model says beside its fields. */
export interface ModelOptions {
  /** The default order of queries: `["-price", "name"]`. */
  ordering?: readonly string[];
  /** To-one relations that every query joins, so that `toString()` may use them. */
  load?: readonly string[];
  constraints?: readonly Constraint[];
  indexes?: readonly Index[];
  verboseName?: string;
  verboseNamePlural?: string;
  /** The table's name; default `<app>_<model>`. */
  dbTable?: string;
  /** False for a table that migrations leave alone. */
  managed?: boolean;
}

/** Several fields are unique together. `constraints: [unique(["roaster", "name"])]` */
export function unique(fields: readonly string[], options: { name?: string } = {}): Constraint {
  return { type: "unique", fields, ...options };
}

/** A condition on columns that the database enforces. `check("price_positive", "price >= 0")` */
export function check(name: string, sql: string): Constraint {
  return { type: "check", name, sql };
}

/** An index. `indexes: [index(["roaster", "-price"])]` */
export function index(fields: readonly string[], options: { name?: string } = {}): Index {
  return { fields, ...options };
}
