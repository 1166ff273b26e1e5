import type { MigrationGraph } from "../graph.ts";
import type { Migration, MigrationReference } from "../migration.ts";
import { migration } from "../migration.ts";
import { createModel } from "../operations/model-operations.ts";
import type { Operation } from "../operations/operation.ts";
import { optimize } from "../optimizer/optimize.ts";
import type { ProjectState } from "../state/project-state.ts";
import type { Change } from "./change.ts";
import { type Chunk, cutIntoChunks, type Givers } from "./cut-into-chunks.ts";
import { migrationName, nextNumber } from "./migration-name.ts";
import { outsideReferences } from "./outside-references.ts";
import { sortByNeeds } from "./sort-by-needs.ts";

/** What is needed to turn changes into migrations. */
export interface Arrangement {
  graph: MigrationGraph;
  /** The models as they are declared: a created model keeps the order of its fields. */
  wanted: ProjectState;
  /** A name for the new migrations instead of the automatic one. */
  name?: string | undefined;
  resolveKey: (key: string) => string;
}

/** Sorts changes by their needs and cuts them into migrations, as few for each app as the needs across apps allow. */
export function arrangeChanges(changes: readonly Change[], arrangement: Arrangement): Migration[] {
  const givers = giversOf(changes, arrangement);
  const apps = Map.groupBy(changes, (change) => change.app);
  const sorted = new Map([...apps].sort(([a], [b]) => (a < b ? -1 : 1)).map(([app, own]) => [app, sortByNeeds(own, givers)]));
  return nameChunks(cutIntoChunks(sorted, givers), givers, arrangement);
}

/** For each change, the changes that must come before it. */
function giversOf(changes: readonly Change[], { resolveKey }: Arrangement): Givers {
  const byWord = new Map<string, Change[]>();
  for (const change of changes) for (const word of change.gives) byWord.set(word, [...(byWord.get(word) ?? []), change]);
  return new Map(
    changes.map((change) => {
      const found = change.needs.flatMap((word) => byWord.get(resolved(word, resolveKey)) ?? []);
      return [change, new Set(found.filter((giver) => giver !== change))];
    }),
  );
}

function resolved(word: string, resolveKey: (key: string) => string): string {
  return word.startsWith("model:@") ? `model:${resolveKey(word.slice(6))}` : word;
}

function nameChunks(chunks: readonly Chunk[], givers: Givers, arrangement: Arrangement): Migration[] {
  const { graph, name } = arrangement;
  const history = graph.modelHistory();
  const migrations: Migration[] = [];
  const placed = new Map<Change, Migration>();
  for (const { app, changes } of chunks) {
    const previous = migrations.filter((one) => one.app === app).at(-1) ?? graph.leaves(app)[0];
    const dependencies = new Map<string, MigrationReference>();
    const depend = (reference: MigrationReference): void => void dependencies.set(reference.join("."), reference);
    if (previous) depend([app, previous.name]);
    for (const change of changes) {
      const outside = outsideReferences(change, { made: migrations, graph, history });
      const swapped = new Set(
        outside.flatMap(([owner]) => (owner.startsWith("@") ? (graph.surroundings.swappableApp(owner) ?? []) : [])),
      );
      for (const giver of givers.get(change)!)
        if (giver.app !== app && !swapped.has(giver.app)) depend([giver.app, placed.get(giver)!.name]);
      for (const reference of outside) depend(reference);
    }
    const operations = tidy({ app, changes }, arrangement);
    const number = nextNumber([...graph.ofApp(app), ...migrations.filter((one) => one.app === app)]);
    const made = migration({ dependencies: [...dependencies.values()], operations });
    const full: Migration = { ...made, app, name: migrationName({ number, operations, initial: !previous, given: name }) };
    migrations.push(full);
    for (const change of changes) placed.set(change, full);
  }
  return migrations;
}

/** Joins what need not stand apart; a created model has its fields in the order of their declaration again. */
function tidy({ app, changes }: Chunk, { wanted, resolveKey }: Arrangement): Operation[] {
  const operations = changes.map((change) => change.operation);
  return optimize(operations, { app, resolveKey }).map((operation) => {
    if (operation.kind !== "createModel") return operation;
    const { name, fields = {}, options } = operation.options as unknown as Parameters<typeof createModel>[0];
    const order = Object.keys(wanted.get(`${app}.${name}`)?.fields ?? {});
    const ordered = Object.entries(fields).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
    return createModel({ name, fields: Object.fromEntries(ordered), options });
  });
}
