import { resolveKey } from "../../model/registry.ts";
import { migrationErrors } from "../errors.ts";
import type { MigrationGraph } from "../graph.ts";
import { type Migration, migrationKey } from "../migration.ts";
import { callsFunctions } from "../operations/run-operations.ts";
import { optimize } from "../optimizer/optimize.ts";

export interface UpdateOptions {
  /** A name instead of the one it has. */
  name?: string | undefined;
  /** The migrations that a database has, by key. */
  applied?: ReadonlySet<string> | undefined;
}

/** The last migration of an app with changes found since. @throws MIGRATIONS_CANNOT_UPDATE */
export function updatedMigration(graph: MigrationGraph, changes: readonly Migration[], options: UpdateOptions): Migration {
  const { app } = changes[0]!;
  const leaf = graph.leaves(app)[0];
  const cannot = (reason: string): Error => migrationErrors.MIGRATIONS_CANNOT_UPDATE({ app, reason });
  if (!leaf) throw cannot("it has none");
  const key = migrationKey(leaf);
  if (changes.length > 1) throw cannot(`the changes need ${changes.length} migrations, or other apps`);
  if (leaf.replaces.length > 0) throw cannot(`${leaf.name} is squashed`);
  if (options.applied?.has(key)) throw cannot(`${leaf.name} is applied; take it back first: cortado migrate ${app} …`);
  const dependent = graph.order.find((one) => graph.parents(one).includes(key));
  if (dependent !== undefined) throw cannot(`${dependent} depends on ${leaf.name}`);
  if (leaf.operations.some(callsFunctions)) throw cannot(`${leaf.name} runs functions of your own`);
  const [change] = changes;
  const others = change!.dependencies.filter((reference) => reference.join(".") !== key);
  const number = /^\d+/.exec(leaf.name)?.[0] ?? "0001";
  return {
    ...leaf,
    name: options.name === undefined ? leaf.name : `${number}_${options.name}`,
    dependencies: [...new Map([...leaf.dependencies, ...others].map((one) => [one.join("."), one])).values()],
    operations: optimize([...leaf.operations, ...change!.operations], { app, resolveKey }),
  };
}
