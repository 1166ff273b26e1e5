import type { MigrationGraph, ModelHistory } from "../graph.ts";
import type { Migration, MigrationReference } from "../migration.ts";
import { migration } from "../migration.ts";
import type { Change } from "./change.ts";
import { migrationName, nextNumber } from "./migration-name.ts";

/** What is needed to turn changes into migrations. */
export interface Arrangement {
  graph: MigrationGraph;
  /** A name for the new migrations instead of the automatic one. */
  name?: string | undefined;
  swappableKey: (key: string) => string;
}

/** Changes of one app that go into one migration. */
interface Chunk {
  app: string;
  changes: Change[];
}

/** Sorts changes by their needs and cuts them into migrations, as few for each app as the needs across apps allow. */
export function arrangeChanges(changes: readonly Change[], arrangement: Arrangement): Migration[] {
  const givers = giversOf(changes, arrangement);
  const chunks = cut(sortByNeeds(changes, givers), givers);
  return nameChunks(chunks, givers, arrangement);
}

type Givers = ReadonlyMap<Change, readonly Change[]>;

/** For each change, the changes that must come before it. */
function giversOf(changes: readonly Change[], { swappableKey }: Arrangement): Givers {
  const byWord = new Map<string, Change[]>();
  for (const change of changes) for (const word of change.gives) byWord.set(word, [...(byWord.get(word) ?? []), change]);
  return new Map(
    changes.map((change) => {
      const found = change.needs.flatMap((word) => byWord.get(resolved(word, swappableKey)) ?? []);
      return [change, found.filter((giver) => giver !== change)];
    }),
  );
}

function resolved(word: string, swappableKey: (key: string) => string): string {
  return word.startsWith("model:@") ? `model:${swappableKey(word.slice(6))}` : word;
}

/** The order in which they were found, but nothing before what it needs. */
function sortByNeeds(changes: readonly Change[], givers: Givers): Change[] {
  const sorted = new Set<Change>();
  const open = new Set<Change>();
  const visit = (change: Change): void => {
    if (sorted.has(change) || open.has(change)) return;
    open.add(change);
    givers.get(change)!.forEach(visit);
    sorted.add(change);
  };
  changes.forEach(visit);
  return [...sorted];
}

function cut(sorted: readonly Change[], givers: Givers): Chunk[] {
  const chunks: Chunk[] = [];
  const done = new Set<Change>();
  let waiting = [...sorted];
  while (waiting.length > 0) {
    const candidates = [...Map.groupBy(waiting, (change) => change.app)].map(([app, own]) => ({
      app,
      own,
      changes: ready(own, done, givers),
    }));
    const whole = candidates.find(({ own, changes }) => changes.length === own.length);
    const chunk = whole ?? candidates.find(({ changes }) => changes.length > 0);
    if (!chunk) throw new Error("Changes need one another in a ring. This is a bug in Cortado.");
    chunks.push(chunk);
    for (const change of chunk.changes) done.add(change);
    waiting = waiting.filter((change) => !done.has(change));
  }
  return chunks;
}

/** The changes of an app whose needs are met by what is done or by one another. */
function ready(own: readonly Change[], done: ReadonlySet<Change>, givers: Givers): Change[] {
  const taken = new Set<Change>();
  for (const change of own) {
    if (givers.get(change)!.every((giver) => done.has(giver) || taken.has(giver))) taken.add(change);
  }
  return [...taken];
}

function nameChunks(chunks: readonly Chunk[], givers: Givers, { graph, name }: Arrangement): Migration[] {
  const history = graph.modelHistory();
  const migrations: Migration[] = [];
  const placed = new Map<Change, Migration>();
  for (const { app, changes } of chunks) {
    const previous = migrations.filter((one) => one.app === app).at(-1) ?? graph.leaves(app)[0];
    const operations = changes.map((change) => change.operation);
    const dependencies = new Map<string, MigrationReference>();
    const depend = (reference: MigrationReference): void => void dependencies.set(reference.join("."), reference);
    if (previous) depend([app, previous.name]);
    for (const change of changes) {
      for (const giver of givers.get(change)!) if (giver.app !== app) depend([giver.app, placed.get(giver)!.name]);
      for (const reference of outsideReferences(change, { made: migrations, graph, history })) depend(reference);
    }
    const number = nextNumber([...graph.ofApp(app), ...migrations.filter((one) => one.app === app)]);
    const made = migration({ dependencies: [...dependencies.values()], operations });
    const full: Migration = { ...made, app, name: migrationName({ number, operations, initial: !previous, given: name }) };
    migrations.push(full);
    for (const change of changes) placed.set(change, full);
  }
  return migrations;
}

interface Surroundings {
  made: readonly Migration[];
  graph: MigrationGraph;
  history: ModelHistory;
}

/**
 * What a change needs of migrations that exist: those that made the models it refers to. Later ones of
 * the same app are left out, for they may depend on this app in their turn. A model is deleted after the
 * last migrations of the apps that once referred to it.
 */
function outsideReferences(change: Change, { made, graph, history }: Surroundings): MigrationReference[] {
  const models = change.needs.filter((word) => word.startsWith("model:")).map((word) => word.slice(6));
  const { kind, options } = change.operation;
  const left = kind === "deleteModel" ? [...(history.referrers.get(`${change.app}.${String(options["name"])}`) ?? [])] : [];
  const referrers = left.filter((app) => app !== change.app);
  const lastOfReferrers = referrers.flatMap((app) => graph.leaves(app).map((leaf): MigrationReference => [app, leaf.name]));
  const needed = models.flatMap((key): MigrationReference[] => {
    if (key.startsWith("@")) return graph.surroundings.swappableApp(key) === change.app ? [] : [[key, "__first__"]];
    const app = key.split(".")[0]!;
    const origin = history.origins.get(key);
    if (app === change.app || (!origin && made.some((one) => one.app === app))) return [];
    return [[app, origin?.name ?? "__first__"]];
  });
  return [...needed, ...lastOfReferrers];
}
