import { ormErrors } from "../errors.ts";
import type { LockOptions } from "./query-state.ts";
import type { Scope } from "./scope.ts";
import { stepInto } from "./refs.ts";

/** The end of a SELECT that locks its rows. SQLite has none: its transactions lock the whole file. */
export function lockSql(scope: Scope, { noWait, skipLocked, of, noKey }: LockOptions): string {
  const tables = lockedTables(scope, of ?? ["self"]);
  if (scope.dialect === "sqlite") return "";
  const wait = noWait ? " NOWAIT" : skipLocked ? " SKIP LOCKED" : "";
  return `FOR ${noKey ? "NO KEY UPDATE" : "UPDATE"} OF ${tables.join(", ")}${wait}`;
}

function lockedTables(scope: Scope, names: readonly string[]): string[] {
  return names.map((name) => {
    if (name === "self") return scope.alias;
    let at = scope;
    const path = name.split(".");
    for (const step of path) at = stepInto(at, step, path);
    if (at.nullable)
      throw ormErrors.ORM_BAD_QUERY({
        reason: `selectForUpdate({ of: ["${name}"] }) on ${scope.meta.label} would lock rows that may be missing, which PostgreSQL refuses.`,
        hint: `Lock them by a query of their own; filtering out the rows without a ${path[0]} does not change what may be missing.`,
      });
    return at.alias;
  });
}
