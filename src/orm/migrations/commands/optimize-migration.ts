import type { App } from "#kernel";
import { resolveKey } from "../../model/registry.ts";
import { copiedImports } from "../files/copied-imports.ts";
import { loadFiles } from "../history.ts";
import { migrationKey } from "../migration.ts";
import { optimize } from "../optimizer/optimize.ts";
import { requireApp } from "./require-app.ts";
import { writeMigrations, type WrittenMigration } from "./write-migrations.ts";

/** An optimized migration; `written` is undefined where nothing could be joined. */
export interface OptimizedMigration {
  readonly before: number;
  readonly after: number;
  readonly written: WrittenMigration | undefined;
}

/**
 * Joins operations of one migration that come to less, in its file.
 *
 * ```ts
 * await optimizeMigration(apps, { app: "shop", name: "0004", check: true });
 * ```
 */
export async function optimizeMigration(
  apps: readonly App[],
  { app, name, check }: { app: string; name: string; check?: boolean },
): Promise<OptimizedMigration> {
  requireApp(apps, app);
  const graph = await loadFiles(apps);
  graph.requireApp(app);
  const found = graph.find(app, name);
  const operations = optimize(found.operations, { app, resolveKey });
  const counts = { before: found.operations.length, after: operations.length };
  if (counts.after >= counts.before) return { ...counts, written: undefined };
  const key = migrationKey(found);
  const before = graph.state(graph.ancestors([key]).filter((one) => one !== key));
  const [written] = await writeMigrations(apps, [{ ...found, operations }], {
    before,
    dryRun: check,
    installed: app,
    instead: found.file,
    statements: await copiedImports([found]),
  });
  return { ...counts, written };
}
