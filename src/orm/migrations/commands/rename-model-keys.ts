import type { Database } from "../../database/database.ts";
import { registeredModels } from "../../model/registry.ts";
import { quoteName } from "../../names.ts";
import type { Operation } from "../operations/operation.ts";
import type { PlannedMigration } from "../plan.ts";
import { existingColumns } from "../schema/existing-columns.ts";

/** The key of a model before and after a migration. */
export interface RenamedModel {
  readonly from: string;
  readonly to: string;
}

/** The models that a migration renames or moves, the way it was run. */
export function renamesOf({ migration, direction }: PlannedMigration): RenamedModel[] {
  const forward = renamesIn(migration.app, migration.operations);
  return direction === "forward" ? forward : forward.reverse().map(({ from, to }) => ({ from: to, to: from }));
}

function renamesIn(app: string, operations: readonly Operation[]): RenamedModel[] {
  return operations.flatMap(({ kind, options }): RenamedModel[] => {
    const { from, to, name } = options as Record<string, string>;
    if (kind === "renameModel") return [{ from: `${app}.${from}`, to: `${app}.${to}` }];
    if (kind === "moveModel") return [{ from: from!, to: `${app}.${name}` }];
    return kind === "separateDatabaseAndState" ? renamesIn(app, (options["state"] ?? []) as readonly Operation[]) : [];
  });
}

/**
 * Lets references to rows of any model follow models that were renamed or moved: their columns keep the model's key
 * as text. The history does not know which columns these are; the models do.
 */
export async function renameModelKeys(db: Database, renames: readonly RenamedModel[]): Promise<void> {
  if (renames.length === 0) return;
  const mark = db.dialect === "postgres" ? ["$1", "$2"] : ["?", "?"];
  await db.transaction(async () => {
    for (const [table, column] of await columnsOfKeys(db)) {
      const [name, of] = [quoteName(column), quoteName(table)];
      for (const { from, to } of renames)
        await db.query(`UPDATE ${of} SET ${name} = ${mark[0]} WHERE ${name} = ${mark[1]}`, [to, from]);
    }
  });
}

/** The columns of this database that hold keys of models. */
async function columnsOfKeys(db: Database): Promise<(readonly [table: string, column: string])[]> {
  const found = new Map<string, readonly [string, string]>();
  for (const { meta } of registeredModels()) {
    for (const { typeField } of meta.generics.values()) {
      const { column, model } = meta.columnField(typeField);
      const { table } = model.meta;
      if ((await existingColumns(db, table)).has(column)) found.set(`${table}.${column}`, [table, column]);
    }
  }
  return [...found.values()];
}
