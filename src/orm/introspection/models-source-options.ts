import type { Dialect } from "../names.ts";
import type { MiddleTable } from "./middle-tables.ts";

/** What `modelsSource()` must know beside the tables. */
export interface ModelsSourceOptions {
  readonly dialect: Dialect;
  /** The app that the models are for: its tables lose the beginning of their names. */
  readonly app?: string | undefined;
  /** Whether migrations shall care for the tables; default false. */
  readonly managed?: boolean | undefined;
  /** Models of other files that tables refer to, by their tables. */
  readonly elsewhere?: ReadonlyMap<string, ModelElsewhere> | undefined;
  /** What deleting the target of a reference does where the database has no rule; default `doNothing`, as the database itself. */
  readonly onDelete?: "doNothing" | "protect" | undefined;
  /** Tables that are the middle of many-to-many relations, and have no class of their own. */
  readonly middle?: readonly MiddleTable[] | undefined;
}

/** A model that a file imports, or names by its key. */
export interface ModelElsewhere {
  /** The class, or a key such as `"@user"` in its quotes. */
  readonly name: string;
  /** The module it is imported from; none for a key. */
  readonly from?: string | undefined;
  /** The column of its primary key; default `id`. */
  readonly key?: string | undefined;
}
