import { ImportList } from "../source/import-list.ts";
import { freeName, modelName } from "./described-names.ts";
import type { ModelsSourceOptions } from "./models-source-options.ts";
import type { TableDescription } from "./table-description.ts";
import { TableSource } from "./table-source.ts";

/**
 * A models file for tables: a class for each, with what the database knows of it, and comments on what a model cannot say.
 *
 * ```ts
 * const source = modelsSource(await describeTables(db), { dialect: db.dialect, app: "shop" });
 * ```
 */
export function modelsSource(tables: readonly TableDescription[], options: ModelsSourceOptions): string {
  const imports = new ImportList();
  for (const name of ["manager", "Model"]) imports.add("cortado/orm", name);
  const names = namesOf(tables, options);
  const keys = new Map(tables.map(({ name, primaryKey }) => [name, primaryKey.join()]));
  const classes = tables.map((table) => new TableSource(table, { ...options, names, imports, keys }).print());
  return `${imports.print()}\n${classes.join("\n")}`;
}

/** The class of each table. */
function namesOf(tables: readonly TableDescription[], { app }: ModelsSourceOptions): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name } of tables) names.set(name, freeName(modelName(name, app), new Set(names.values())));
  return names;
}
