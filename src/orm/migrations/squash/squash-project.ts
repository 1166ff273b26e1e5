import { resolveKey } from "../../model/registry.ts";
import { arrangeChanges } from "../autodetector/arrange-changes.ts";
import { detectChanges } from "../autodetector/detect-changes.ts";
import { Answers } from "../autodetector/questions.ts";
import { migrationErrors } from "../errors.ts";
import { MigrationGraph } from "../graph.ts";
import { type Migration, migration, migrationKey } from "../migration.ts";
import type { Operation } from "../operations/operation.ts";
import { isOwnWork } from "../operations/run-operations.ts";
import { ProjectState } from "../state/project-state.ts";
import { originals } from "./squash-range.ts";

export interface ProjectSquash {
  /** The apps whose migrations the project writes. */
  apps: readonly string[];
  /** Leaves out operations that run code or SQL. */
  leaveOutSteps?: boolean | undefined;
}

/**
 * Fresh first migrations for all apps of a project together, made from the models as the files leave them,
 * so that no ring among the old migrations matters. Each replaces everything its app had.
 *
 * @throws MIGRATIONS_SQUASH_STEPS
 */
export async function squashProject(graph: MigrationGraph, { apps, leaveOutSteps }: ProjectSquash): Promise<Migration[]> {
  const own = graph.migrations.filter((one) => apps.includes(one.app));
  const steps = own.flatMap(stepsOf);
  if (steps.length > 0 && !leaveOutSteps) throw migrationErrors.MIGRATIONS_SQUASH_STEPS({ steps });
  const others = graph.migrations.filter((one) => !apps.includes(one.app));
  const kept = new MigrationGraph(
    others.map((one) => withoutReferencesTo(one, apps)),
    graph.surroundings,
  );
  const wanted = graph.state();
  const changes = await detectChanges({
    from: new ProjectState(wanted.models().filter((model) => !apps.includes(model.app))),
    to: wanted,
    answers: new Answers({ rename: false }),
    liveField: () => {
      throw new Error("A new model needs no values for rows that exist. This is a bug in Cortado.");
    },
    resolveKey,
  });
  const fresh = arrangeChanges(changes, { graph: kept, wanted, resolveKey });
  const empty = apps.filter((app) => graph.ofApp(app).length > 0 && !fresh.some((one) => one.app === app)).map(emptyFirst);
  return renamed([...fresh, ...empty], graph);
}

/** An app whose models are all gone still has old migrations, which must not run any more. */
function emptyFirst(app: string): Migration {
  return { ...migration({ operations: [] }), app, name: "0001_initial" };
}

/** What installed apps need of the project is there as soon as the project's first migrations are. */
function withoutReferencesTo(migration: Migration, apps: readonly string[]): Migration {
  return {
    ...migration,
    dependencies: migration.dependencies.filter(([app, name]) => !apps.includes(app) || name.startsWith("__")),
  };
}

/** Operations that say nothing of the models, as `shop.0002_fill: Run a function`. */
function stepsOf(migration: Migration): string[] {
  const left = migration.operations.filter((one) => isStep(one) && one.elidable !== true);
  return left.map((operation) => `${migrationKey(migration)}: ${operation.describe()}`);
}

function isStep(operation: Operation): boolean {
  return isOwnWork(operation) || operation.kind === "separateDatabaseAndState";
}

/** `0001_squashed_0007_coffee_price`, each replacing all that its app had. */
function renamed(fresh: readonly Migration[], graph: MigrationGraph): Migration[] {
  const names = new Map(
    fresh.map((one) => {
      const last = graph.leaves(one.app).at(-1)?.name ?? one.name;
      return [migrationKey(one), `${/^\d+/.exec(one.name)![0]}_squashed_${last}`];
    }),
  );
  return fresh.map((one) => ({
    ...one,
    name: names.get(migrationKey(one))!,
    dependencies: one.dependencies.map(([app, name]) => [app, names.get(`${app}.${name}`) ?? name] as const),
    replaces: graph.ofApp(one.app).flatMap(originals),
  }));
}
