import { CortadoError } from "#kernel";
import { resolveKey } from "../../model/registry.ts";
import { migrationErrors } from "../errors.ts";
import { MigrationGraph } from "../graph.ts";
import { type Migration, migration, migrationKey, type MigrationReference } from "../migration.ts";
import { optimize } from "../optimizer/optimize.ts";
import { withReplacements } from "./with-replacements.ts";

export interface SquashRange {
  app: string;
  /** The first migration to squash; default the app's first. */
  start?: string | undefined;
  end: string;
  /** A name instead of `squashed_0004_coffee_price`. */
  name?: string | undefined;
  /** False leaves the operations as they are. */
  optimize?: boolean | undefined;
}

/** A migration that does what several did. @throws MIGRATIONS_NOTHING_TO_SQUASH, MIGRATIONS_SQUASH_CYCLE */
export function squashRange(graph: MigrationGraph, range: SquashRange): { squashed: Migration; from: readonly Migration[] } {
  const { app } = range;
  const from = chosen(graph, range);
  const inside = new Set(from.map(migrationKey));
  const dependencies = new Map<string, MigrationReference>();
  for (const one of from)
    for (const reference of one.dependencies)
      if (!inside.has(reference.join("."))) dependencies.set(reference.join("."), reference);
  const kept = from.flatMap((one) => one.operations).filter((operation) => operation.elidable !== true);
  const operations = range.optimize === false ? kept : optimize(kept, { app, resolveKey });
  const made = migration({
    dependencies: [...dependencies.values()],
    operations,
    atomic: from.every((one) => one.atomic),
    replaces: [...new Map(from.flatMap(originals).map((reference) => [reference.join("."), reference])).values()],
    runBefore: from.flatMap((one) => one.runBefore),
    accepts: [...new Set(from.flatMap((one) => one.accepts))],
  });
  const squashed = { ...made, app, name: nameOf(from, range.name) };
  requireNoCycle(graph, squashed);
  return { squashed, from };
}

/** What a migration stands for: itself, and what it was squashed from. */
export function originals(one: Migration): MigrationReference[] {
  return [...one.replaces, [one.app, one.name]];
}

function chosen(graph: MigrationGraph, { app, start, end }: SquashRange): Migration[] {
  const last = graph.find(app, end);
  const line = graph.ancestors([migrationKey(last)]).filter((key) => graph.get(key).app === app);
  const from = start === undefined ? 0 : line.indexOf(migrationKey(graph.find(app, start)));
  if (from < 0) throw migrationErrors.MIGRATIONS_NOTHING_TO_SQUASH({ app, reason: `${start} does not come before ${last.name}` });
  const found = line.slice(from).map((key) => graph.get(key));
  if (found.length < 2) throw migrationErrors.MIGRATIONS_NOTHING_TO_SQUASH({ app, reason: `${last.name} stands alone` });
  return found;
}

/** `0001_squashed_0004_coffee_price`. */
function nameOf(from: readonly Migration[], given: string | undefined): string {
  const number = /^\d+/.exec(from[0]!.name)?.[0] ?? "0001";
  return `${number}_${given ?? `squashed_${from.at(-1)!.name}`}`;
}

/** @throws MIGRATIONS_SQUASH_CYCLE */
function requireNoCycle(graph: MigrationGraph, squashed: Migration): void {
  const { migrations } = withReplacements([...graph.migrations, squashed], new Set());
  try {
    void new MigrationGraph(migrations, graph.surroundings);
  } catch (error) {
    if (!(error instanceof CortadoError) || error.code !== "MIGRATIONS_CYCLE") throw error;
    const cycle = /: (.*)\.$/.exec(error.message)?.[1]?.split(" → ") ?? [];
    throw migrationErrors.MIGRATIONS_SQUASH_CYCLE({ app: squashed.app, cycle });
  }
}
