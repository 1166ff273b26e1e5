import { rmSync } from "node:fs";
import { copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredDatabases, migrateTables, openTables, type Project } from "#app";

/** A project's databases, as settings. */
type Databases = Pick<Project, "database" | "databases">;

/** The migrated databases of each project, made once in a process: files by alias. */
const prepared = new WeakMap<readonly unknown[], Promise<ReadonlyMap<string, string>>>();

/**
 * Migrated SQLite databases in a folder, one for each of the project's: made once for a project, then copied.
 * A replica is a mirror: it opens the file of the database that it follows.
 */
export async function prepareDatabases(project: Project, folder: string): Promise<Databases> {
  let originals = prepared.get(project.apps);
  if (!originals) prepared.set(project.apps, (originals = migrateOnce(project)));
  const copies = new Map<string, string>();
  for (const [alias, original] of await originals) {
    const copy = join(folder, `test-${alias}.sqlite3`);
    await copyFile(original, copy);
    copies.set(alias, copy);
  }
  return databasesIn(project, copies);
}

function databasesIn(project: Project, files: ReadonlyMap<string, string>): Databases {
  const databases = Object.fromEntries(
    Object.entries(declaredDatabases(project)).map(([alias, { replicaOf, atomicRequests }]) => {
      const url = `sqlite:${files.get(replicaOf ?? alias)}`;
      return [alias, { url, replicaOf, atomicRequests }];
    }),
  );
  return { database: databases["default"]!, databases };
}

async function migrateOnce(project: Project): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), "cortado-database-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const declared = Object.entries(declaredDatabases(project));
  const own = declared.filter(([, { replicaOf }]) => replicaOf === undefined).map(([alias]) => alias);
  const files = new Map(own.map((alias) => [alias, join(folder, `migrated-${alias}.sqlite3`)]));
  const tables = await openTables({ ...project, ...databasesIn(project, files) });
  for (const database of own.toSorted((a, b) => Number(b === "default") - Number(a === "default")))
    await migrateTables(tables, { database });
  await tables.close();
  return files;
}
