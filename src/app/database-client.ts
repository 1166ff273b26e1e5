import { resolve } from "node:path";
import { appErrors } from "./errors.ts";
import { declaredDatabases } from "./open-databases.ts";
import type { OpenTables } from "./open-project.ts";

/** The program that a database comes with, and how it is started. */
export interface DatabaseClient {
  readonly program: "psql" | "sqlite3";
  readonly args: readonly string[];
  /** Environment variables: a password is told here, where other users of the machine do not see it. */
  readonly env: Readonly<Record<string, string>>;
  /** The line that installs it on Debian. */
  readonly install: string;
}

/** How a project's database is opened by its own client. @throws APP_UNKNOWN_DATABASE */
export function databaseClient({ settings }: Pick<OpenTables, "settings">, alias = "default"): DatabaseClient {
  const declared = declaredDatabases(settings);
  const url = declared[alias]?.url;
  if (url === undefined) throw appErrors.APP_UNKNOWN_DATABASE({ given: alias, databases: Object.keys(declared) });
  if (!url.startsWith("sqlite:")) return psql(new URL(url));
  const path = url.slice("sqlite:".length).replace(/\?.*$/, "");
  const file = resolve(settings.root ?? process.cwd(), path.startsWith("//") ? path.slice(2) : path);
  return { program: "sqlite3", args: [file], env: {}, install: "apt-get install sqlite3" };
}

function psql({ hostname, port, username, password, pathname, searchParams }: URL): DatabaseClient {
  const given = {
    PGHOST: decodeURIComponent(hostname),
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
    PGSSLMODE: searchParams.get("sslmode") ?? "",
  };
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
  return { program: "psql", args: [], env, install: "apt-get install postgresql-client" };
}
