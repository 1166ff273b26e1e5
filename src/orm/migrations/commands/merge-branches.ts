import { nextNumber } from "../autodetector/migration-name.ts";
import { migrationErrors } from "../errors.ts";
import { sameValue } from "../state/field-state.ts";
import type { MigrationGraph } from "../graph.ts";
import { applyMigration, type Migration, migration, migrationKey } from "../migration.ts";
import type { ModelState, ProjectState } from "../state/project-state.ts";

/** One migration for each app with several last ones, which depends on them all. @throws MIGRATIONS_NOTHING_TO_MERGE, MIGRATIONS_MERGE_CLASH */
export function mergeBranches(
  graph: MigrationGraph,
  { app, name }: { app?: string | undefined; name?: string | undefined },
): Migration[] {
  const apps = app === undefined ? graph.surroundings.apps : [app];
  const split = apps.map((one) => ({ one, leaves: graph.leaves(one) })).filter(({ leaves }) => leaves.length > 1);
  if (split.length === 0) throw migrationErrors.MIGRATIONS_NOTHING_TO_MERGE({ apps });
  return split.map(({ one, leaves }) => {
    requireSameEnd(graph, one, leaves);
    const dependencies = leaves.map((leaf) => [one, leaf.name] as const);
    const joined = leaves.map((leaf) => leaf.name.replace(/^\d+_/, "")).join("_");
    const own = name ?? (joined.length <= 45 ? `merge_${joined}` : "merge");
    return { ...migration({ dependencies, operations: [] }), app: one, name: `${nextNumber(graph.ofApp(one))}_${own}` };
  });
}

/** Databases come by either branch first; what they come to must be the same. */
function requireSameEnd(graph: MigrationGraph, app: string, leaves: readonly Migration[]): void {
  const lines = leaves.map((leaf) => graph.ancestors([migrationKey(leaf)]));
  const shared = lines[0]!.filter((key) => lines.every((line) => line.includes(key)));
  const branches = lines.map((line) => line.filter((key) => !shared.includes(key)).map((key) => graph.get(key)));
  const clash = (reason: string): Error =>
    migrationErrors.MIGRATIONS_MERGE_CLASH({ app, leaves: leaves.map((leaf) => leaf.name), reason });
  const ends = branches.map((_, first) => {
    const order = [branches[first]!, ...branches.filter((__, at) => at !== first)].flat();
    try {
      return replay(graph.state(shared), order);
    } catch (error) {
      throw clash(`one after the other they do not work: ${(error as Error).message.replace(/\.$/, "")}`);
    }
  });
  const differing = ends[0]!
    .models()
    .find((model) => ends.some((end) => !sameModel(end.get(`${model.app}.${model.name}`), model)));
  if (differing) throw clash(`they change ${differing.app}.${differing.name} in ways that depend on which comes first`);
}

/** Indexes and constraints have no order. */
function sameModel(a: ModelState | undefined, b: ModelState): boolean {
  const unordered = (model: ModelState | undefined): unknown => {
    const { indexes = [], constraints = [] } = model?.options ?? {};
    const sorted = (parts: readonly unknown[]): string[] => parts.map((part) => JSON.stringify(part)).sort();
    return { ...model, options: { ...model?.options, indexes: sorted(indexes), constraints: sorted(constraints) } };
  };
  return sameValue(unordered(a), unordered(b));
}

function replay(state: ProjectState, branch: readonly Migration[]): ProjectState {
  const done = new Set<string>();
  for (const one of branch) {
    if (!done.has(migrationKey(one))) applyMigration(one, state);
    done.add(migrationKey(one));
  }
  return state;
}
