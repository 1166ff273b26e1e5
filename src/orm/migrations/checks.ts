import type { App, CheckMessage } from "#kernel";
import type { Database } from "../database/database.ts";
import { makeMigrations } from "./commands/make-migrations.ts";
import { unappliedMigrations } from "./commands/show-migrations.ts";
import { checkSqliteFields, checkSqliteParts } from "./schema/unsupported-parts.ts";

/** Warns of models that no migration brought to the files, and of migrations and features that a database lacks. */
export async function checkMigrations(apps: readonly App[], db?: Database): Promise<CheckMessage[]> {
  const unsupported = db?.dialect === "sqlite" ? [...checkSqliteFields(apps, db), ...checkSqliteParts(apps)] : [];
  return [...(await checkMissing(apps)), ...(db ? await checkUnapplied(apps, db) : []), ...unsupported];
}

async function checkMissing(apps: readonly App[]): Promise<CheckMessage[]> {
  // Questions are answered in any way that lets the detection end: only whether there are changes counts here.
  const missing = await makeMigrations(apps, {
    check: true,
    ask: async ({ kind }) => (kind === "fill" ? { value: null } : false),
  }).catch(asMessage);
  if (!Array.isArray(missing)) return [missing];
  return [...new Set(missing.map(({ app }) => app))].map((app) => ({
    level: "warning",
    code: "MIGRATIONS_CHECK_MISSING",
    message: `The models of ${app} have changed: ${missing
      .filter((one) => one.app === app)
      .flatMap((one) => one.operations)
      .join("; ")}.`,
    hint: `Run: cortado makemigrations ${app}`,
    object: app,
  }));
}

async function checkUnapplied(apps: readonly App[], db: Database): Promise<CheckMessage[]> {
  const unapplied = await unappliedMigrations(apps, db);
  if (unapplied.length === 0) return [];
  const message = `The database lacks ${unapplied.length} migration${unapplied.length === 1 ? "" : "s"}: ${unapplied.join(", ")}.`;
  return [{ level: "warning", code: "MIGRATIONS_CHECK_UNAPPLIED", message, hint: "Run: cortado migrate" }];
}

function asMessage(error: Error & { code?: string; hint?: string }): CheckMessage {
  return { level: "error", code: error.code ?? "MIGRATIONS_CHECK_FAILED", message: error.message, hint: error.hint };
}
