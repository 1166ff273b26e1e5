import type { Database } from "../database/database.ts";
import { migrationErrors } from "./errors.ts";
import { applyMigration, type Migration, migrationKey } from "./migration.ts";
import type { Operation, SchemaEditor } from "./operations/operation.ts";
import type { PlannedMigration } from "./plan.ts";
import type { ProjectState } from "./project-state.ts";
import { MigrationRecorder } from "./recorder.ts";
import { ForeignKeyGuard } from "./schema/foreign-key-guard.ts";
import { schemaEditor } from "./schema/schema-editor.ts";

/** What is reported while migrations run. `skipped`: another process was faster. */
export interface MigrationEvent {
  readonly state: "started" | "finished" | "skipped";
  readonly direction: "forward" | "backward";
  readonly app: string;
  readonly name: string;
  readonly faked: boolean;
  readonly seconds: number;
}

export interface ExecutionOptions {
  /** Records without running. */
  fake?: boolean | undefined;
  report?: ((event: MigrationEvent) => void) | undefined;
}

/** An operation with the states on its two sides. */
interface Step {
  operation: Operation;
  position: string;
  from: ProjectState;
  to: ProjectState;
}

/**
 * How it works
 *
 * Each migration is one transaction: the operations and the record of it are kept together or not at
 * all. Inside the transaction it is looked up once more whether the migration still needs doing, so that
 * of two processes one does it and the other skips it; SQLite's write lock and the advisory lock that
 * `migrateProject` takes on PostgreSQL put them in a row.
 */
export class MigrationExecutor {
  readonly #db: Database;
  readonly #editor: SchemaEditor;
  readonly #recorder: MigrationRecorder;
  readonly #options: ExecutionOptions;
  readonly #done: string[] = [];

  constructor(db: Database, options: ExecutionOptions) {
    this.#db = db;
    this.#editor = schemaEditor(db);
    this.#recorder = new MigrationRecorder(db);
    this.#options = options;
  }

  /** Runs a plan, given the state before a migration. */
  async run(plan: readonly PlannedMigration[], stateBefore: (migration: Migration) => ProjectState): Promise<void> {
    const guard = new ForeignKeyGuard(this.#db);
    await guard.around(async () => {
      for (const { migration, direction } of plan) {
        const steps = stepsOf(migration, stateBefore(migration));
        if (direction === "backward") requireReversible(migration);
        await this.#one(migration, { direction, steps, guard });
      }
    });
  }

  async #one(
    migration: Migration,
    { direction, steps, guard }: { direction: PlannedMigration["direction"]; steps: Step[]; guard: ForeignKeyGuard },
  ): Promise<void> {
    const { fake = false, report = () => {} } = this.#options;
    const { app, name } = migration;
    const begin = performance.now();
    const event = (state: MigrationEvent["state"]): void =>
      report({ state, direction, app, name, faked: fake, seconds: (performance.now() - begin) / 1000 });
    event("started");
    const work = async (): Promise<boolean> => {
      if ((await this.#recorder.isApplied(migration)) === (direction === "forward")) return false;
      if (!fake) await this.#operations(migration, direction, steps);
      await (direction === "forward" ? this.#recorder.recordApplied(migration) : this.#recorder.recordUnapplied(migration));
      return true;
    };
    const ran = migration.atomic
      ? await this.#db.transaction(() => guard.checked(work, () => this.#failure(migration, direction, steps.at(-1))))
      : await work();
    event(ran ? "finished" : "skipped");
    if (ran) this.#done.push(migrationKey(migration));
  }

  async #operations(migration: Migration, direction: PlannedMigration["direction"], steps: readonly Step[]): Promise<void> {
    for (const step of direction === "forward" ? steps : steps.toReversed()) {
      const { operation, from, to } = step;
      const context = { app: migration.app, editor: this.#editor, from, to };
      const run = async (): Promise<void> => {
        if (direction === "forward") await operation.forward(context);
        else await operation.backward({ ...context, from: to, to: from });
        if (this.#db.dialect === "postgres" && migration.atomic) await settleConstraints(this.#db);
      };
      try {
        await (migration.atomic ? run() : operation.kind.startsWith("run") ? run() : this.#db.transaction(run));
      } catch (error) {
        throw this.#failure(migration, direction, step)(error);
      }
    }
  }

  #failure(migration: Migration, direction: PlannedMigration["direction"], step: Step | undefined): (cause: unknown) => Error {
    return (cause) =>
      migrationErrors.MIGRATIONS_FAILED({
        migration: migrationKey(migration),
        direction: direction === "forward" ? "applying" : "undoing",
        operation: step?.operation.describe() ?? "nothing",
        position: step?.position ?? "0",
        atomic: migration.atomic,
        applied: this.#done,
        cause,
      });
  }
}

/** Each operation with the state it starts from and the one it leaves. */
export function stepsOf(migration: Migration, before: ProjectState): Step[] {
  let from = before;
  return migration.operations.map((operation, index) => {
    const to = from.clone();
    operation.applyToState(migration.app, to);
    const step = { operation, position: `${index + 1} of ${migration.operations.length}`, from, to };
    from = to;
    return step;
  });
}

/** PostgreSQL refuses to alter a table that has deferred checks waiting. */
async function settleConstraints(db: Database): Promise<void> {
  await db.script("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
}

/** @throws MIGRATIONS_IRREVERSIBLE */
function requireReversible(migration: Migration): void {
  const stuck = migration.operations.find((operation) => !operation.reversible);
  if (stuck) throw migrationErrors.MIGRATIONS_IRREVERSIBLE({ migration: migrationKey(migration), operation: stuck.describe() });
}

/** The state before each migration of a plan, replayed once in the order of application. */
export function statesBefore(order: readonly Migration[], start: ProjectState): (migration: Migration) => ProjectState {
  const states = new Map<string, ProjectState>();
  let state = start;
  for (const migration of order) {
    states.set(migrationKey(migration), state);
    state = state.clone();
    applyMigration(migration, state);
  }
  return (migration) => states.get(migrationKey(migration))!;
}
