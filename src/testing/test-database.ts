import { rmSync } from "node:fs";
import { copyFile, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateTables, openTables, type Project } from "#app";

/** The migrated database of each project, made once in a process. */
const prepared = new WeakMap<readonly unknown[], Promise<string>>();

/** A migrated SQLite database in a folder, as a URL: made once for a project, then copied. */
export async function prepareDatabase(project: Project, folder: string): Promise<string> {
  let original = prepared.get(project.apps);
  if (!original) prepared.set(project.apps, (original = migrateOnce(project)));
  const copy = join(folder, "test.sqlite3");
  await copyFile(await original, copy);
  return `sqlite:${copy}`;
}

async function migrateOnce(project: Project): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cortado-database-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "migrated.sqlite3");
  const tables = await openTables({ ...project, database: `sqlite:${file}` });
  await migrateTables(tables);
  await tables.close();
  return file;
}
