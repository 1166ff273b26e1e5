import { type Database, type DatabaseRouter, type DatabaseSettings, openDatabase, useDatabases } from "#orm";
import type { ProjectSettings } from "#kernel";
import { appErrors } from "./errors.ts";

/** A database of a project. */
export interface DatabaseDeclaration extends DatabaseSettings {
  /** `sqlite:db.sqlite3`, or `postgres://user@host/name`. */
  url: string;
  /** The alias of the database that this one is a read-only copy of: reads go to it. */
  replicaOf?: string | undefined;
  /** Each view runs in a transaction of this database, which is rolled back when the view throws. */
  atomicRequests?: boolean | undefined;
}

declare module "#kernel" {
  interface ProjectSettings {
    /** The default database: `sqlite:db.sqlite3`, `postgres://user@host/name`, or its declaration. */
    database: string | DatabaseDeclaration;
    /** Further databases by their aliases. */
    databases?: Readonly<Record<string, string | DatabaseDeclaration>> | undefined;
    /** Say where queries go that name no database. */
    databaseRouters?: readonly DatabaseRouter[] | undefined;
    /** Queries that take longer, in milliseconds, are shown with their line: 100 in development, else none. */
    slowQuery?: number | undefined;
  }
}

/** Every database of a project by its alias. @throws APP_BAD_REPLICA */
export function declaredDatabases({ database, databases = {} }: ProjectSettings): Record<string, DatabaseDeclaration> {
  const given = Object.entries({ default: database, ...databases });
  const declared = Object.fromEntries(given.map(([alias, one]) => [alias, typeof one === "string" ? { url: one } : one]));
  for (const [alias, { replicaOf }] of Object.entries(declared)) {
    if (replicaOf === undefined) continue;
    if (replicaOf === alias || declared[replicaOf] === undefined || declared[replicaOf].replicaOf !== undefined)
      throw appErrors.APP_BAD_REPLICA({ alias, given: replicaOf, databases: Object.keys(declared) });
  }
  return declared;
}

/** Opens the databases of a project and makes them those that queries use. One that cannot be opened closes the others. */
export async function openDatabases(settings: ProjectSettings): Promise<Record<string, Database>> {
  const open: Record<string, Database> = {};
  const replicas: Record<string, string> = {};
  try {
    for (const [alias, { replicaOf, atomicRequests: _, url, ...options }] of Object.entries(declaredDatabases(settings))) {
      const readOnly = options.readOnly ?? replicaOf !== undefined;
      open[alias] = await openDatabase(url, { ...options, readOnly, root: settings.root });
      if (replicaOf !== undefined) replicas[alias] = replicaOf;
    }
  } catch (error) {
    await closeDatabases(open);
    throw error;
  }
  useDatabases(open, { routers: settings.databaseRouters, replicas });
  return open;
}

export async function closeDatabases(open: Readonly<Record<string, Database>>): Promise<void> {
  for (const database of new Set(Object.values(open))) await database.close();
}
