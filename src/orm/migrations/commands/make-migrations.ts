import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { type App, didYouMean } from "#kernel";
import { getModel, swappableModel } from "../../model/registry.ts";
import { arrangeChanges } from "../autodetector/arrange-changes.ts";
import { detectChanges } from "../autodetector/detect-changes.ts";
import { nextNumber } from "../autodetector/migration-name.ts";
import { Answers, type GivenAnswers } from "../autodetector/questions.ts";
import { declaredState } from "../declared-state.ts";
import { migrationErrors } from "../errors.ts";
import { stepsOf } from "../executor.ts";
import { migrationsFolder } from "../files/loader.ts";
import { migrationSource } from "../files/write-migration.ts";
import type { MigrationGraph } from "../graph.ts";
import { loadFiles } from "../history.ts";
import { applyMigration, type Migration, migration } from "../migration.ts";
import type { Risk } from "../operations/operation.ts";
import type { ProjectState } from "../project-state.ts";

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
  /** Writes nothing; both only say what would be written. */
  check?: boolean | undefined;
  dryRun?: boolean | undefined;
}

/** A migration that was written, or would be. */
export interface WrittenMigration {
  readonly app: string;
  readonly name: string;
  readonly path: string;
  /** Its operations as sentences, each after its symbol: `+ Add field price to Coffee`. */
  readonly operations: readonly string[];
  readonly risks: readonly Risk[];
  readonly source: string;
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
  if (options.merge) return write(apps, merges(graph, options), { graph, options });
  graph.requireNoConflicts();
  if (options.empty) return write(apps, [emptyMigration(graph, options)], { graph, options });
  return write(apps, await changesOf(apps, graph, options), { graph, options });
}

/** @throws MIGRATIONS_UNKNOWN_APP */
export function requireApp(apps: readonly App[], app: string): void {
  const known = apps.map((one) => one.name);
  if (!known.includes(app)) throw migrationErrors.MIGRATIONS_UNKNOWN_APP({ app, known, hint: didYouMean(app, known) });
}

async function changesOf(apps: readonly App[], graph: MigrationGraph, options: MakeMigrationsOptions): Promise<Migration[]> {
  const swappableKey = (key: string): string => (key.startsWith("@") ? (swappableModel(key)?.meta.key ?? key) : key);
  const wanted = declaredState(apps);
  const changes = await detectChanges({
    from: graph.state(),
    to: wanted,
    answers: new Answers(options),
    liveField: (model, field) => getModel(model).meta.field(field),
    swappableKey,
  });
  const made = arrangeChanges(changes, { graph, wanted, name: options.name, swappableKey });
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
  if (app === undefined) throw migrationErrors.MIGRATIONS_EMPTY_NEEDS_APP();
  const own = graph.ofApp(app);
  const dependencies = graph.leaves(app).map((leaf) => [app, leaf.name] as const);
  return { ...migration({ dependencies, operations: [] }), app, name: `${nextNumber(own)}_${name ?? "custom"}` };
}

/** One migration for each app with several last ones. */
function merges(graph: MigrationGraph, { app, name }: MakeMigrationsOptions): Migration[] {
  const apps = app === undefined ? graph.surroundings.apps : [app];
  const split = apps.map((one) => ({ one, leaves: graph.leaves(one) })).filter(({ leaves }) => leaves.length > 1);
  if (split.length === 0) throw migrationErrors.MIGRATIONS_NOTHING_TO_MERGE({ apps });
  return split.map(({ one, leaves }) => {
    const dependencies = leaves.map((leaf) => [one, leaf.name] as const);
    const joined = leaves.map((leaf) => leaf.name.replace(/^\d+_/, "")).join("_");
    const own = name ?? (joined.length <= 45 ? `merge_${joined}` : "merge");
    return { ...migration({ dependencies, operations: [] }), app: one, name: `${nextNumber(graph.ofApp(one))}_${own}` };
  });
}

interface WriteInput {
  graph: MigrationGraph;
  options: MakeMigrationsOptions;
}

async function write(
  apps: readonly App[],
  migrations: readonly Migration[],
  { graph, options }: WriteInput,
): Promise<WrittenMigration[]> {
  const state = graph.state();
  const written: WrittenMigration[] = [];
  for (const made of migrations) {
    const app = apps.find((one) => one.name === made.app)!;
    const folder = migrationsFolder(app);
    if (folder === undefined) throw migrationErrors.MIGRATIONS_NO_DIRECTORY({ app: app.name });
    if (isInstalled(folder) && options.app !== app.name) continue;
    written.push(described(made, join(folder, `${made.name}.ts`), state));
    applyMigration(made, state);
  }
  if (options.check || options.dryRun) return written;
  for (const { path, source } of written) {
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, source, { flag: "wx" });
  }
  return written;
}

/** The folder of Cortado's own sources or build. */
const ownRoot = resolve(import.meta.dirname, "../../..") + sep;

/** Apps of packages, Cortado's among them, bring their migrations along; a project does not write them. */
function isInstalled(folder: string): boolean {
  return folder.startsWith(ownRoot) || folder.includes(`${sep}node_modules${sep}`);
}

function described(made: Migration, path: string, before: ProjectState): WrittenMigration {
  const risks = new Map(stepsOf(made, before).map(({ operation, from }) => [operation, operation.risks(made.app, from)]));
  const source = migrationSource(made, (operation) =>
    risks
      .get(operation)!
      .filter(({ kind }) => kind === "losesData")
      .map(({ message }) => `Loses data: ${message}.`),
  );
  const operations = made.operations.map((operation) => `${operation.symbol} ${operation.describe()}`);
  return { app: made.app, name: made.name, path, operations, risks: [...risks.values()].flat(), source };
}
