import type { App, CheckMessage, CortadoError } from "#kernel";
import { allowsMigration, type Database } from "../../database/database.ts";
import type { Constraint } from "../../model/rules/constraints.ts";
import type { Index } from "../../model/rules/indexes.ts";
import { declaredModels } from "../state/declared-state.ts";
import { partLabel } from "../state/parts.ts";

/** Warns of what SQLite leaves out of indexes and constraints, or has nothing like. */
export function checkSqliteParts(apps: readonly App[]): CheckMessage[] {
  return declaredModels(apps).flatMap(({ meta }) =>
    [...(meta.options.constraints ?? []), ...(meta.options.indexes ?? [])].flatMap((part) =>
      missing(part).map((message) => ({
        level: "warning" as const,
        code: "MIGRATIONS_CHECK_UNSUPPORTED",
        object: meta.key,
        message: `${partLabel(part)}: SQLite ${message}.`,
        hint: "Nothing needs doing where PostgreSQL is the database that counts.",
      })),
    ),
  );
}

/** Finds columns of types that PostgreSQL alone has. */
export function checkSqliteFields(apps: readonly App[], db: Database): CheckMessage[] {
  return declaredModels(apps).flatMap(({ meta }) =>
    meta.localFields.flatMap((field) => {
      if (!allowsMigration(db, meta.app, { model: meta.name })) return [];
      try {
        field.columnType("sqlite");
        return [];
      } catch (error) {
        const { code, message, hint } = error as CortadoError;
        if (code !== "ORM_POSTGRES_ONLY") throw error;
        return [{ level: "error" as const, code, object: `${meta.key}.${field.name}`, message, hint }];
      }
    }),
  );
}

function missing(part: Constraint | Index): string[] {
  if ("type" in part && part.type === "check") return [];
  if ("type" in part && part.type === "exclusion") return ["has no exclusion constraints; no rule is made"];
  const found: string[] = [];
  if ("using" in part && part.using !== undefined && part.using !== "btree" && part.using !== "hash")
    return [`has no ${part.using} indexes; none is made`];
  if ("deferrable" in part && part.deferrable !== undefined)
    found.push("checks what is unique at each statement, not when the transaction ends");
  if (part.include !== undefined) found.push("keeps no other fields in an index; `include` is left out");
  return found;
}
