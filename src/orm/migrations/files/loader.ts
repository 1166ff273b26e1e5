import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { App } from "#kernel";
import { swappableModel } from "../../model/registry.ts";
import { migrationErrors } from "../errors.ts";
import { MigrationGraph } from "../graph.ts";
import { isMigrationDeclaration, type Migration } from "../migration.ts";

declare module "#kernel" {
  interface AppParts {
    /** The folder of the app's migrations instead of `migrations` beneath its own; false for an app without any. */
    migrations?: string | false | undefined;
  }
}

/** The folder of an app's migrations; undefined when the app has none. */
export function migrationsFolder({ directory, migrations }: App): string | undefined {
  if (migrations === false) return undefined;
  return migrations ?? (directory === undefined ? undefined : join(directory, "migrations"));
}

/** The folder of Cortado's own sources or build. */
const ownRoot = resolve(import.meta.dirname, "../../..") + sep;

/** Apps of packages, Cortado's among them, bring their migrations along; a project does not write them. */
export function isInstalled(folder: string): boolean {
  return folder.startsWith(ownRoot) || folder.includes(`${sep}node_modules${sep}`);
}

/** Reads the migrations of all apps and joins them to a graph: every file as it stands, squashed ones beside those they replace. */
export async function loadGraph(apps: readonly App[]): Promise<MigrationGraph> {
  const migrations = await Promise.all(apps.map(loadMigrations));
  return new MigrationGraph(migrations.flat(), {
    apps: apps.map((app) => app.name),
    swappableApp: (key) => swappableModel(key)?.meta.app,
  });
}

async function loadMigrations(app: App): Promise<Migration[]> {
  const folder = migrationsFolder(app);
  if (folder === undefined) return [];
  const files = (await fileNames(folder)).filter(isMigrationFile).sort();
  return Promise.all(files.map((file) => loadMigration(app.name, join(folder, file))));
}

/** The names in a folder; none when it does not exist. */
async function fileNames(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Source or build, never a declaration file (its name has a second dot); a leading underscore sets a file aside. */
function isMigrationFile(name: string): boolean {
  return /^[A-Za-z0-9]\w*\.(?:ts|mts|js|mjs)$/.test(name);
}

async function loadMigration(app: string, file: string): Promise<Migration> {
  const exported = await importFresh(file).catch((cause: Error) => {
    throw migrationErrors.MIGRATIONS_BAD_FILE({ file, reason: `it cannot be loaded (${cause.message}${placeOf(cause)})`, cause });
  });
  if (!isMigrationDeclaration(exported.default)) {
    const reason = exported.default === undefined ? "it has no default export" : "its default export is not made by migration()";
    throw migrationErrors.MIGRATIONS_BAD_FILE({ file, reason });
  }
  const name = file.replace(/^.*[\\/]/, "").replace(/\.\w+$/, "");
  return { ...exported.default, app, name, file };
}

/** Where Node says that a file cannot be read: ` in 0002_size.ts, line 7`. */
function placeOf({ stack = "" }: Error): string {
  const found = /^file:.*\/([^/?]+)(?:\?\S*)?:(\d+)$/m.exec(stack.slice(0, stack.indexOf("\n")));
  return found === null ? "" : ` in ${found[1]}, line ${found[2]}`;
}

const loadedAt = new Map<string, number>();

/** Imports a file again when it was written since: a long-running process may make migrations and apply them. */
async function importFresh(file: string): Promise<{ default?: unknown }> {
  const { mtimeMs } = await stat(file);
  const url = pathToFileURL(file).href;
  const first = loadedAt.get(file) ?? mtimeMs;
  loadedAt.set(file, first);
  return (await import(first === mtimeMs ? url : `${url}?changed=${mtimeMs}`)) as { default?: unknown };
}
