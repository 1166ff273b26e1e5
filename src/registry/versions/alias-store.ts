import { IntegrityError, transaction } from "#orm";
import type { AliasRecord, AliasStore, AliasTable, AliasUpdate } from "#serving";
import { ModelAlias } from "../models.ts";

/** How often a change is begun again, because another process made the same alias at the same moment. */
const ATTEMPTS = 5;

/** Aliases kept in the database, so that every process of a project serves the same version. */
export function databaseAliasStore(): AliasStore {
  return { read: readTable, update: updateAlias };
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
  for (const row of rows) (table[row.model] ??= {})[row.alias] = recordOf(row);
  return table;
}

/** The row is locked while it changes; of two that make it at once, the table refuses one, which begins again. */
async function updateAlias(model: string, alias: string, change: AliasUpdate): Promise<AliasRecord | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction(async () => {
        const row = await ModelAlias.objects.filter({ model, alias }).selectForUpdate().first();
        const record = change(row ? recordOf(row) : undefined);
        if (record === null) await row?.delete();
        else if (row) await Object.assign(row, columnsOf(record)).save();
        else await ModelAlias.objects.create({ model, alias, ...columnsOf(record) });
        return record;
      });
    } catch (error) {
      if (!(error instanceof IntegrityError) || attempt === ATTEMPTS) throw error;
    }
  }
}

function recordOf({ version, canary, shadow, history }: ModelAlias): AliasRecord {
  return { version, ...(canary ? { canary } : {}), ...(shadow ? { shadow } : {}), history };
}

function columnsOf({ version, canary, shadow, history }: AliasRecord) {
  return { version, canary: canary ?? null, shadow: shadow ?? null, history };
}
