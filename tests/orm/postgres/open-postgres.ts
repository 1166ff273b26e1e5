import type { Database } from "cortado/orm";
import { openModels, targets } from "../open-cafe.ts";

const target = targets[1]!;

/** For suites that PostgreSQL alone can run. */
export const onPostgres = { skip: target.skip };

/** Opens PostgreSQL with extensions, and the tables of these models, empty. */
export async function openPostgres(
  models: Readonly<Record<string, unknown>>,
  extensions: readonly string[] = [],
): Promise<Database> {
  const { openDatabase } = await import("cortado/orm");
  const first = await openDatabase(target.url!);
  for (const name of extensions) await first.script(`CREATE EXTENSION IF NOT EXISTS "${name}"`);
  await first.close();
  return openModels(target.url!, models);
}
