import type { ModelMeta } from "../../model/meta.ts";
import type { Dialect } from "../../names.ts";
import type { ColumnShape } from "./column-shape.ts";

/** One of the things that an index or a rule goes over: a column by its id, or an expression. */
export interface KeyShape {
  readonly column?: string | undefined;
  readonly sql?: string | undefined;
  readonly descending?: boolean | undefined;
  readonly opclass?: string | undefined;
  /** How two rows are compared by an exclusion rule. */
  readonly operator?: string | undefined;
}

/** What a foreign key leads to: columns by their ids, and all names as they are. */
export interface ForeignTarget {
  readonly table: string;
  readonly columns: readonly string[];
  readonly tableName: string;
  readonly columnNames: readonly string[];
}

/** A rule that belongs to its table; `columns` and `include` are ids. */
export interface ConstraintShape {
  readonly kind: "primaryKey" | "unique" | "foreignKey" | "check" | "exclusion";
  readonly name: string;
  readonly columns: readonly string[];
  readonly target?: ForeignTarget | undefined;
  readonly onDelete?: string | undefined;
  /** A check's condition. */
  readonly sql?: string | undefined;
  readonly keys?: readonly KeyShape[] | undefined;
  readonly using?: string | undefined;
  readonly condition?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly deferrable?: "deferred" | "immediate" | undefined;
  readonly nullsEqual?: boolean | undefined;
}

/** An index that stands beside its table. */
export interface IndexShape {
  readonly name: string;
  readonly unique: boolean;
  readonly keys: readonly KeyShape[];
  readonly condition?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly using?: string | undefined;
  readonly storage?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly tablespace?: string | undefined;
  readonly nullsEqual?: boolean | undefined;
}

/** A constraint or an index. */
export type PartShape = ConstraintShape | IndexShape;

/** What the parts of a table are made from. */
export interface TableContext {
  readonly meta: ModelMeta;
  readonly columns: readonly ColumnShape[];
  readonly dialect: Dialect;
}

/** Whether a part is a constraint. */
export function isConstraint(part: PartShape): part is ConstraintShape {
  return "kind" in part;
}

/** Whether a part is an index. */
export function isIndex(part: PartShape): part is IndexShape {
  return !isConstraint(part);
}

/** Whether a part is a foreign key. */
export function isForeignKey(part: PartShape): part is ConstraintShape {
  return isConstraint(part) && part.kind === "foreignKey";
}
