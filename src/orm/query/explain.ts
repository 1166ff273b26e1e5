import { databaseFor } from "../database/database.ts";
import { ormErrors } from "../errors.ts";
import { prepareFor } from "./plan.ts";
import type { QueryState } from "./query-state.ts";

/** How a plan is asked for. All but the defaults are PostgreSQL's. */
export interface ExplainOptions {
  readonly format?: "text" | "json" | "xml" | "yaml";
  /** Runs the query too, and says what it really took. */
  readonly analyze?: boolean;
  readonly verbose?: boolean;
  readonly buffers?: boolean;
  readonly settings?: boolean;
  readonly costs?: boolean;
  readonly timing?: boolean;
  readonly summary?: boolean;
  readonly wal?: boolean;
}

const known = new Set(["format", "analyze", "verbose", "buffers", "settings", "costs", "timing", "summary", "wal"]);

/** The database's plan of a query. */
export async function explainQuery(state: QueryState, options: ExplainOptions): Promise<string> {
  const db = databaseFor("read", state.meta, state.alias);
  const { sql, params } = prepareFor({ ...state, lock: undefined }, db);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) checkOption(name, value, db.dialect);
  if (db.dialect === "sqlite") return sqlitePlan(await db.rows(`EXPLAIN QUERY PLAN ${sql}`, params));
  const words = given.map(([name, value]) => `${name.toUpperCase()} ${String(value).toUpperCase()}`);
  const rows = await db.rows(`EXPLAIN ${words.length > 0 ? `(${words.join(", ")}) ` : ""}${sql}`, params);
  return rows.map(([line]) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
}

function checkOption(name: string, value: unknown, dialect: string): void {
  const formats = ["text", "json", "xml", "yaml"];
  const isRight = name === "format" ? formats.includes(value as string) : known.has(name) && typeof value === "boolean";
  if (isRight && (dialect === "postgres" || (name === "format" && value === "text"))) return;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `explain() does not take ${name}: ${JSON.stringify(value)} on ${dialect === "sqlite" ? "SQLite" : "PostgreSQL"}.`,
    hint:
      dialect === "sqlite"
        ? "SQLite explains without options."
        : `It takes format (${formats.join(", ")}), and true or false for ${[...known].slice(1).join(", ")}.`,
  });
}

/** SQLite's steps: each knows the step that it is part of. */
function sqlitePlan(rows: readonly unknown[][]): string {
  const depths = new Map<unknown, number>([[0, -1]]);
  const lines = rows.map(([id, parent, , detail]) => {
    const depth = (depths.get(parent) ?? -1) + 1;
    depths.set(id, depth);
    return `${"  ".repeat(depth)}${String(detail)}`;
  });
  return lines.join("\n");
}
