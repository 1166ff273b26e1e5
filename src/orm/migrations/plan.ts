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
