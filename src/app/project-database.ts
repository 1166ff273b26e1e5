import type { Database } from "#orm";
import { appErrors } from "./errors.ts";
import type { OpenTables } from "./open-project.ts";

/** One of a project's open databases. @throws APP_UNKNOWN_DATABASE */
export function projectDatabase({ services: { databases } }: Pick<OpenTables, "services">, alias = "default"): Database {
  const found = Object.hasOwn(databases, alias) ? databases[alias] : undefined;
  if (found === undefined) throw appErrors.APP_UNKNOWN_DATABASE({ given: alias, databases: Object.keys(databases) });
  return found;
}
