import type { Label } from "../fields/choices.ts";
import type { Constraint } from "./rules/constraints.ts";
import type { Dialect } from "../names.ts";
import type { Index } from "./rules/indexes.ts";

/** What a model says beside its fields. */
export interface ModelOptions {
  /** The default order of queries: `["-price", "name"]`. */
  ordering?: readonly string[];
  /** To-one relations that every query joins, so that `toString()` may use them. */
  load?: readonly string[];
  constraints?: readonly Constraint[];
  indexes?: readonly Index[];
  verboseName?: Label;
  verboseNamePlural?: Label;
  /** The table's name; default `<app>_<model>`. */
  dbTable?: string;
  /** What the table is for, kept in the database. */
  dbTableComment?: string;
  /** False for a table that migrations leave alone, or a view. */
  managed?: boolean;
  /** True for a base that has no table: other models get its fields by `extend()`. */
  abstract?: boolean;
  /** The fields that `latest()` and `earliest()` go by when they are given none: `["-added"]`. */
  getLatestBy?: string | readonly string[];
  /** The name of the way back of relations that give none; `%(class)s` and `%(app)s` stand for the model's and its app's. */
  defaultRelatedName?: string;
  /** A foreign key: rows with the same one keep an order of their own, in the column `_order`. */
  orderWithRespectTo?: string;
  /** Rights beside the default ones, with what people read: `{ roast: "Can roast coffee" }`. */
  permissions?: Readonly<Record<string, string>>;
  /** The rights that are made for the model; default `["add", "change", "delete", "view"]`. */
  defaultPermissions?: readonly string[];
  /** The static that is asked where rows are reached without a manager of one's own: `"objects"`. */
  defaultManagerName?: string;
  /** The static through which relations reach one row; default: all rows of the table. */
  baseManagerName?: string;
  /** The model has a table on this database alone. */
  requiredDbVendor?: Dialect;
  /** Set by `proxy()`: the model has no table of its own. */
  readonly proxy?: boolean;
  /** Set for the middle table of a many-to-many that declares none. */
  readonly autoCreated?: boolean;
  /** Set by `extend()` and `proxy()`: the keys of the models with tables that it comes from. */
  readonly bases?: readonly string[];
}
