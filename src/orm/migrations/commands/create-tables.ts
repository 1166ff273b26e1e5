import type { App } from "#kernel";
import type { Database } from "../../database/database.ts";
import { declaredState } from "../state/declared-state.ts";
import { ProjectState } from "../state/project-state.ts";
import { schemaEditor } from "../schema/schema-editor.ts";

/**
 * Makes the tables of the apps as their models declare them now, without migrations and without a record
 * of any: for tests, and for databases that are thrown away.
 *
 * ```ts
 * const db = await openDatabase("sqlite::memory:");
 * await createTables([shop], db);
 * ```
 */
export async function createTables(apps: readonly App[], db: Database): Promise<void> {
  await db.transaction(() => schemaEditor(db).transform(new ProjectState(), declaredState(apps), {}));
}

/** Drops the tables that `createTables` makes. */
export async function dropTables(apps: readonly App[], db: Database): Promise<void> {
  await db.transaction(() => schemaEditor(db).transform(declaredState(apps), new ProjectState(), {}));
}
