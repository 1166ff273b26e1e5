import type { App } from "#kernel";
import { migrationErrors } from "../errors.ts";
import { isInstalled, migrationsFolder } from "../files/loader.ts";
import { copiedImports, hasFunctions } from "../files/copied-imports.ts";
import type { MigrationGraph } from "../graph.ts";
import { loadFiles } from "../history.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { ProjectState } from "../state/project-state.ts";
import { squashProject } from "../squash/squash-project.ts";
import { squashRange } from "../squash/squash-range.ts";
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
  const { squashed, from } = squashRange(graph, { ...options, app, end });
  const first = migrationKey(from[0]!);
  const before = graph.state(graph.ancestors([first]).filter((key) => key !== first));
  const copied = from.filter(hasFunctions);
  const statements = await copiedImports(copied);
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
  const made = await squashProject(graph, { apps: own, leaveOutSteps: options.leaveOutSteps });
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
