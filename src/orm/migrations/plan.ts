import { migrationErrors } from "./errors.ts";
import type { MigrationGraph } from "./graph.ts";
import { type Migration, migrationKey } from "./migration.ts";

/** One migration to apply or to undo. */
export interface PlannedMigration {
  readonly migration: Migration;
  readonly direction: "forward" | "backward";
}

/** Where a `migrate` goes: everywhere, to an app's last migration, to a named one, or before the first (`zero`). */
export interface MigrationTarget {
  app?: string | undefined;
  target?: string | undefined;
}

/** The migrations between what is applied and the target, in order. */
export function makePlan(
  graph: MigrationGraph,
  applied: ReadonlySet<string>,
  { app, target }: MigrationTarget,
): PlannedMigration[] {
  if (app === undefined) return forward(graph, graph.order, applied);
  graph.requireApp(app);
  if (target === undefined) return forward(graph, graph.ancestors(graph.leaves(app).map(migrationKey)), applied);
  if (target === "zero") return backward(graph, graph.ofApp(app).map(migrationKey), applied);
  const found = migrationKey(graph.find(app, target));
  if (!applied.has(found)) return forward(graph, graph.ancestors([found]), applied);
  const later = graph
    .ofApp(app)
    .map(migrationKey)
    .filter((key) => graph.parents(key).includes(found));
  return backward(graph, later, applied);
}

function forward(graph: MigrationGraph, keys: readonly string[], applied: ReadonlySet<string>): PlannedMigration[] {
  return keys.filter((key) => !applied.has(key)).map((key) => ({ migration: graph.get(key), direction: "forward" }));
}

function backward(graph: MigrationGraph, keys: readonly string[], applied: ReadonlySet<string>): PlannedMigration[] {
  const undone = graph.descendants(keys).filter((key) => applied.has(key));
  return undone.reverse().map((key) => ({ migration: graph.get(key), direction: "backward" }));
}

/** Refuses a history in which a migration is applied before one that it depends on. @throws MIGRATIONS_INCONSISTENT */
export function requireConsistentHistory(graph: MigrationGraph, applied: ReadonlySet<string>): void {
  for (const migration of graph.order.filter((key) => applied.has(key))) {
    const dependency = graph.parents(migration).find((parent) => !applied.has(parent));
    if (dependency !== undefined) throw migrationErrors.MIGRATIONS_INCONSISTENT({ migration, dependency });
  }
}

/** Squashed migrations take the place of those they replace where all or none of these are applied. */
export function withReplacements(
  migrations: readonly Migration[],
  applied: ReadonlySet<string>,
): { migrations: Migration[]; applied: Set<string> } {
  const known = new Set(applied);
  let kept = [...migrations];
  for (const squashed of migrations.filter((one) => one.replaces.length > 0)) {
    const replaced = squashed.replaces.map(([app, name]) => `${app}.${name}`);
    const count = replaced.filter((key) => known.has(key)).length;
    const key = migrationKey(squashed);
    if (count > 0 && count < replaced.length && !known.has(key)) {
      kept = kept.filter((one) => one !== squashed);
      continue;
    }
    if (count === replaced.length) known.add(key);
    kept = kept.filter((one) => !replaced.includes(migrationKey(one))).map((one) => repointed(one, replaced, squashed));
  }
  return { migrations: kept, applied: known };
}

function repointed(migration: Migration, replaced: readonly string[], squashed: Migration): Migration {
  if (migration === squashed || !migration.dependencies.some(([app, name]) => replaced.includes(`${app}.${name}`)))
    return migration;
  const others = migration.dependencies.filter(([app, name]) => !replaced.includes(`${app}.${name}`));
  return { ...migration, dependencies: [...others, [squashed.app, squashed.name]] };
}
