import { writeFile } from "node:fs/promises";
import type { App } from "#kernel";
import { getModel, resolveKey } from "../../model/registry.ts";
import { arrangeChanges } from "../autodetector/arrange-changes.ts";
import { detectChanges } from "../autodetector/detect-changes.ts";
import { nextNumber } from "../autodetector/migration-name.ts";
import { Answers, type GivenAnswers } from "../autodetector/questions.ts";
import type { Database } from "../../database/database.ts";
import { declaredState } from "../state/declared-state.ts";
import { migrationErrors } from "../errors.ts";
import type { MigrationGraph } from "../graph.ts";
import { loadFiles } from "../history.ts";
import { type Migration, migration, migrationKey } from "../migration.ts";
import { MigrationRecorder } from "../execution/recorder.ts";
import { mergeBranches } from "./merge-branches.ts";
import { rebasedBranch } from "./rebase-branch.ts";
import { requireApp } from "./require-app.ts";
import { updatedMigration } from "./update-migration.ts";
import { writeMigrations, type WrittenMigration } from "./write-migrations.ts";

/** What `makemigrations` was asked to do. */
export interface MakeMigrationsOptions extends GivenAnswers {
  /** Only this app, and what it needs of others. */
  app?: string | undefined;
  /** A name instead of the automatic one. */
  name?: string | undefined;
  /** A migration without operations, for `run` or `runSQL`; needs `app`. */
  empty?: boolean | undefined;
  /** Joins several last migrations of an app by one that depends on them all. */
  merge?: boolean | undefined;
  /** Lets the branch that ends in this migration follow the other one; needs `app`. */
  rebase?: string | undefined;
  /** Writes the changes into the last migration of the app instead of a new one. */
  update?: boolean | undefined;
  /** A database that must not have the migration that `update` changes. */
  db?: Database | undefined;
  /** Writes nothing; both only say what would be written. */
  check?: boolean | undefined;
  dryRun?: boolean | undefined;
}

/**
 * Writes the migrations that bring the files up to the declared models. Nothing is read from a database.
 *
 * ```ts
 * const written = await makeMigrations(project.apps, { app: "shop", rename: ["shop.Coffee.name=title"] });
 * ```
 * @throws MIGRATIONS_CONFLICT, MIGRATIONS_RENAME_UNANSWERED, MIGRATIONS_FILL_UNANSWERED
 */
export async function makeMigrations(apps: readonly App[], options: MakeMigrationsOptions = {}): Promise<WrittenMigration[]> {
  const { app, name } = options;
  if (name !== undefined && !/^\w+$/.test(name)) throw migrationErrors.MIGRATIONS_BAD_NAME({ name });
  if (app !== undefined) requireApp(apps, app);
  const graph = await loadFiles(apps);
  if (options.rebase !== undefined) return rebase(graph, options.rebase, options);
  if (options.merge) return write(apps, mergeBranches(graph, options), { graph, options });
  graph.requireNoConflicts();
  if (options.empty) return write(apps, [emptyMigration(graph, options)], { graph, options });
  const made = await changesOf(apps, graph, options);
  return options.update && made.length > 0 ? update(apps, made, { graph, options }) : write(apps, made, { graph, options });
}

async function changesOf(apps: readonly App[], graph: MigrationGraph, options: MakeMigrationsOptions): Promise<Migration[]> {
  const wanted = declaredState(apps);
  const changes = await detectChanges({
    from: graph.state(),
    to: wanted,
    answers: new Answers(options),
    liveField: (model, field) => getModel(model).meta.field(field),
    resolveKey,
  });
  const made = arrangeChanges(changes, { graph, wanted, name: options.name, resolveKey });
  return options.app === undefined ? made : neededFor(options.app, made);
}

/** The new migrations of an app and the new ones of others that they depend on. */
function neededFor(app: string, made: readonly Migration[]): Migration[] {
  const needed = new Set<Migration>();
  const need = (one: Migration): void => {
    if (needed.has(one)) return;
    needed.add(one);
    for (const [owner, name] of one.dependencies)
      made.filter((other) => other.app === owner && other.name === name).forEach(need);
  };
  made.filter((one) => one.app === app).forEach(need);
  return made.filter((one) => needed.has(one));
}

function emptyMigration(graph: MigrationGraph, { app, name }: MakeMigrationsOptions): Migration {
  if (app === undefined) throw migrationErrors.MIGRATIONS_NEEDS_APP({ flag: "--empty" });
  const own = graph.ofApp(app);
  const dependencies = graph.leaves(app).map((leaf) => [app, leaf.name] as const);
  return { ...migration({ dependencies, operations: [] }), app, name: `${nextNumber(own)}_${name ?? "custom"}` };
}

/** No migration is written: the first file of a branch gets another reference. */
async function rebase(graph: MigrationGraph, name: string, options: MakeMigrationsOptions): Promise<WrittenMigration[]> {
  const { app, check, dryRun } = options;
  if (app === undefined) throw migrationErrors.MIGRATIONS_NEEDS_APP({ flag: "--rebase MIGRATION" });
  const { migration: moved, after, source } = await rebasedBranch(graph, app, name);
  if (!check && !dryRun) await writeFile(moved.file!, source);
  return [{ app, name: moved.name, path: moved.file!, operations: [`~ Follow ${after.join(", ")}`], risks: [], source }];
}

interface WriteInput {
  graph: MigrationGraph;
  options: MakeMigrationsOptions;
}

async function update(
  apps: readonly App[],
  made: readonly Migration[],
  { graph, options }: WriteInput,
): Promise<WrittenMigration[]> {
  const applied = options.db ? new Set((await new MigrationRecorder(options.db).applied()).keys()) : undefined;
  const updated = updatedMigration(graph, made, { name: options.name, applied });
  const before = graph.state(graph.order.filter((key) => key !== migrationKey(graph.leaves(updated.app)[0]!)));
  const dryRun = options.check || options.dryRun;
  return writeMigrations(apps, [updated], { before, dryRun, instead: graph.leaves(updated.app)[0]!.file });
}

function write(apps: readonly App[], made: readonly Migration[], { graph, options }: WriteInput): Promise<WrittenMigration[]> {
  const dryRun = options.check || options.dryRun;
  return writeMigrations(apps, made, { before: graph.state(), dryRun, installed: options.app });
}
