import type { MigrationGraph, ModelHistory } from "../graph.ts";
import type { Migration, MigrationReference } from "../migration.ts";
import type { Change } from "./change.ts";

interface Surroundings {
  made: readonly Migration[];
  graph: MigrationGraph;
  history: ModelHistory;
}

/**
 * What a change needs of migrations that exist: those that made the models it refers to. Later ones of
 * the same app are left out, for they may depend on this app in their turn. A model is deleted after the
 * last migrations of the apps that once referred to it, moved after the last one of the app it leaves, and
 * created after the migration that took one of its name away.
 */
export function outsideReferences(change: Change, surroundings: Surroundings): MigrationReference[] {
  const { graph, history } = surroundings;
  const { kind, options } = change.operation;
  const ends = (app: string): MigrationReference[] => graph.leaves(app).map((leaf): MigrationReference => [app, leaf.name]);
  const own = `${change.app}.${String(options["name"])}`;
  const references = change.needs
    .filter((word) => word.startsWith("model:"))
    .flatMap((word) => origin(word.slice(6), change, surroundings));
  if (kind === "deleteModel") references.push(...[...(history.referrers.get(own) ?? [])].flatMap((app) => ends(app)));
  if (kind === "moveModel") references.push(...ends(String(options["from"]).split(".")[0]!));
  const departure = kind === "createModel" ? history.departures.get(own) : undefined;
  if (departure) references.push([departure.app, departure.name]);
  return references.filter(([app]) => app !== change.app);
}

/** The migration that made a model; none where it is made now or in the same app. */
function origin(key: string, change: Change, { made, graph, history }: Surroundings): MigrationReference[] {
  if (key.startsWith("@")) return graph.surroundings.swappableApp(key) === change.app ? [] : [[key, "__first__"]];
  const app = key.split(".")[0]!;
  const found = history.origins.get(key);
  if (found) return [[found.app, found.name]];
  return [[app, made.findLast((one) => one.app === app)?.name ?? "__first__"]];
}
