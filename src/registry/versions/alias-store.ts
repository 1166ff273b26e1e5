import type { AliasStore, AliasTable } from "#serving";
import { ModelAlias } from "../models.ts";

/** Milliseconds for which what was read is held to be true; a change of this process is seen at once. */
const readEvery = 1_000;

/** Aliases kept in the database, so that every process of a project serves the same version. */
export function databaseAliasStore(): AliasStore {
  let table: AliasTable = {};
  let readAt = -Infinity;
  return {
    async read() {
      if (performance.now() - readAt < readEvery) return table;
      readAt = performance.now();
      table = await readTable();
      return table;
    },
    async write(model, alias, version) {
      if (version === null) await ModelAlias.objects.filter({ model, alias }).delete();
      else await ModelAlias.objects.updateOrCreate({ model, alias }, { version });
      readAt = -Infinity;
    },
  };
}

/** Before the first migration there is no table, and no alias. */
async function readTable(): Promise<AliasTable> {
  const table: AliasTable = Object.create(null) as AliasTable;
  let rows: Iterable<ModelAlias>;
  try {
    rows = await ModelAlias.objects.all();
  } catch (error) {
    if (/no such table|does not exist/i.test((error as Error).message)) return table;
    throw error;
  }
  for (const { model, alias, version } of rows) (table[model] ??= {})[alias] = version;
  return table;
}
