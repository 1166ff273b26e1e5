import type { App, CheckMessage } from "#kernel";
import type { Constraint } from "../../model/constraints.ts";
import type { Index } from "../../model/indexes.ts";
import { declaredModels } from "../declared-state.ts";
import { partLabel } from "../model-options.ts";

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
