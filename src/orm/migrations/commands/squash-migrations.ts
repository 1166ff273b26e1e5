import { readFile } from "node:fs/promises";
import type { App } from "#kernel";
import { migrationErrors } from "../errors.ts";
import { isInstalled, migrationsFolder } from "../files/loader.ts";
import type { MigrationGraph } from "../graph.ts";
import { loadFiles } from "../history.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { optimize } from "../optimizer/optimize.ts";
import { ProjectState } from "../state/project-state.ts";
import { squashProject } from "../squash/squash-project.ts";
import { squashRange } from "../squash/squash-range.ts";
import { swappableKey } from "./make-migrations.ts";
import { requireApp } from "./require-app.ts";
import { writeMigrations, type WrittenMigration } from "./write-migrations.ts";

/** What `squashmigrations` was asked to do: a range of one app, or the whole project. */
export interface SquashMigrationsOptions {
  app?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  /** Every app of the project, from the models as the files leave them. */
  all?: boolean | undefined;
  /** With `all`: leaves out operations that run code or SQL. */
  leaveOutSteps?: boolean | undefined;
  name?: string | undefined;
  optimize?: boolean | undefined;
  dryRun?: boolean | undefined;
}

/** A squashed migration that was written. */
export interface SquashedMigration extends WrittenMigration {
  /** What it takes the place of: `shop.0001_initial`. */
  readonly replaces: readonly string[];
  /** How many operations there were before. */
  readonly before: number;
  /** Files whose functions were copied, without what stands around them. */
  readonly copied: readonly string[];
}

/**
 * Writes migrations that take the place of several. The old files stay until every database has them.
 *
 * ```ts
 * await squashMigrations(apps, { app: "shop", end: "0004" });
 * await squashMigrations(apps, { all: true });
 * ```
 * @throws MIGRATIONS_NOTHING_TO_SQUASH, MIGRATIONS_SQUASH_CYCLE, MIGRATIONS_SQUASH_STEPS
 */
export async function squashMigrations(apps: readonly App[], options: SquashMigrationsOptions): Promise<SquashedMigration[]> {
  const graph = await loadFiles(apps);
  graph.requireNoConflicts();
  if (options.all) return squashAll(apps, graph, options);
  const { app = "", end = "" } = options;
  requireApp(apps, app);
  const { squashed, from } = squashRange(graph, { ...options, app, end, swappableKey });
  const first = migrationKey(from[0]!);
  const before = graph.state(graph.ancestors([first]).filter((key) => key !== first));
  const copied = from.filter((one) => one.operations.some(isFunction));
  const statements = [...new Set((await Promise.all(copied.map(importsOf))).flat())];
  const [written] = await writeMigrations(apps, [squashed], { before, dryRun: options.dryRun, installed: app, statements });
  return [report(written!, from, copied.map(migrationKey))];
}

async function squashAll(
  apps: readonly App[],
  graph: MigrationGraph,
  options: SquashMigrationsOptions,
): Promise<SquashedMigration[]> {
  const own = apps
    .filter((one) => !isInstalled(migrationsFolder(one) ?? "") && graph.ofApp(one.name).length > 0)
    .map((one) => one.name);
  if (own.length === 0)
    throw migrationErrors.MIGRATIONS_NOTHING_TO_SQUASH({ app: "this project", reason: "it has no migrations" });
  const made = await squashProject(graph, { apps: own, leaveOutSteps: options.leaveOutSteps, swappableKey });
  const before = new ProjectState(
    graph
      .state()
      .models()
      .filter((model) => !own.includes(model.app)),
  );
  const written = await writeMigrations(apps, made, { before, dryRun: options.dryRun });
  return written.map((one) => report(one, graph.ofApp(one.app), []));
}

function report(written: WrittenMigration, from: readonly Migration[], copied: readonly string[]): SquashedMigration {
  return {
    ...written,
    replaces: from.map(migrationKey),
    before: from.reduce((sum, one) => sum + one.operations.length, 0),
    copied,
  };
}

function isFunction({ kind }: { kind: string }): boolean {
  return kind === "run";
}

/** What a file imports from elsewhere than Cortado; its functions may need it. */
async function importsOf({ file }: Migration): Promise<string[]> {
  const source = await readFile(file!, "utf8");
  const found = source.match(/^import\s[^;]*?from\s*["'][^"']+["'];?/gm) ?? [];
  return found.filter((line) => !/["']cortado\/orm(?:\/migrations)?["']/.test(line));
}

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
  const operations = optimize(found.operations, { app, resolveKey: swappableKey });
  const counts = { before: found.operations.length, after: operations.length };
  if (counts.after >= counts.before) return { ...counts, written: undefined };
  const key = migrationKey(found);
  const before = graph.state(graph.ancestors([key]).filter((one) => one !== key));
  const statements = found.operations.some(isFunction) ? await importsOf(found) : [];
  const [written] = await writeMigrations(apps, [{ ...found, operations }], {
    before,
    dryRun: check,
    installed: app,
    instead: found.file,
    statements,
  });
  return { ...counts, written };
}
