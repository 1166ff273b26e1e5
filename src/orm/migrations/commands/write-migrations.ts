import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { App } from "#kernel";
import { migrationErrors } from "../errors.ts";
import { isInstalled, migrationsFolder } from "../files/loader.ts";
import { migrationSource } from "../files/write-migration.ts";
import { lintMigration, type LintNote } from "../lint/lint-migration.ts";
import { applyMigration, type Migration } from "../migration.ts";
import type { ProjectState } from "../state/project-state.ts";

/** A migration that was written, or would be. */
export interface WrittenMigration {
  readonly app: string;
  readonly name: string;
  readonly path: string;
  /** Its operations as sentences, each after its symbol: `+ Add field price to Coffee`. */
  readonly operations: readonly string[];
  /** What it risks on a database in use. */
  readonly risks: readonly LintNote[];
  readonly source: string;
}

export interface WriteOptions {
  /** The models before the first of the migrations. */
  before: ProjectState;
  /** Writes also where a package brings the migrations along. */
  installed?: string | undefined;
  /** Only says what would be written. */
  dryRun?: boolean | undefined;
  /** The file that the one migration takes the place of. */
  instead?: string | undefined;
  /** Import statements that copied functions need. */
  statements?: readonly string[] | undefined;
}

/** Writes migrations into the folders of their apps. @throws MIGRATIONS_NO_DIRECTORY */
export async function writeMigrations(
  apps: readonly App[],
  migrations: readonly Migration[],
  options: WriteOptions,
): Promise<WrittenMigration[]> {
  const state = options.before;
  const written: WrittenMigration[] = [];
  for (const made of migrations) {
    const folder = migrationsFolder(apps.find((one) => one.name === made.app)!);
    if (folder === undefined) throw migrationErrors.MIGRATIONS_NO_DIRECTORY({ app: made.app });
    if (isInstalled(folder) && options.installed !== made.app) continue;
    written.push(described(made, { path: join(folder, `${made.name}.ts`), state, statements: options.statements }));
    applyMigration(made, state);
  }
  if (!options.dryRun) for (const one of written) await write(one, options.instead);
  return written;
}

async function write({ path, source }: WrittenMigration, instead: string | undefined): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, source, { flag: instead === undefined ? "wx" : "w" });
  if (instead !== undefined && instead !== path) await rm(instead);
}

interface Place {
  path: string;
  state: ProjectState;
  statements: readonly string[] | undefined;
}

function described(made: Migration, { path, state, statements }: Place): WrittenMigration {
  const risks = lintMigration(made, state);
  const lossOf = (operation: string): string[] =>
    risks
      .filter((risk) => risk.kind === "losesData" && risk.operation === operation)
      .map(({ message }) => `Loses data: ${message}.`);
  const source = migrationSource(made, { remarks: (operation) => lossOf(operation.describe()), statements });
  const operations = made.operations.map((operation) => `${operation.symbol} ${operation.describe()}`);
  return { app: made.app, name: made.name, path, operations, risks, source };
}
