import type { Database } from "../database/database.ts";
import { migrationErrors } from "./errors.ts";
import { applyMigration, type Migration, migrationKey } from "./migration.ts";
import type { Operation, SchemaEditor } from "./operations/operation.ts";
import type { PlannedMigration } from "./plan.ts";
import { ProjectState } from "./project-state.ts";
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

/** A planned migration with its operations. */
interface Task extends PlannedMigration {
  steps: readonly Step[];
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

  /** Runs a plan, given the state before a migration. @throws MIGRATIONS_IRREVERSIBLE before anything is done */
  async run(plan: readonly PlannedMigration[], stateBefore: (migration: Migration) => ProjectState): Promise<void> {
    if (!this.#options.fake) plan.forEach(requireReversible);
    const guard = new ForeignKeyGuard(this.#db);
    await guard.around(async () => {
      for (const planned of plan)
        await this.#one({ ...planned, steps: stepsOf(planned.migration, stateBefore(planned.migration)) }, guard);
    });
  }

  async #one(task: Task, guard: ForeignKeyGuard): Promise<void> {
    const { migration, direction, steps } = task;
    const begin = performance.now();
    const report = (state: MigrationEvent["state"]): void => {
      const { app, name } = migration;
      const seconds = (performance.now() - begin) / 1000;
      this.#options.report?.({ state, direction, app, name, faked: this.#options.fake === true, seconds });
    };
    report("started");
    const work = (): Promise<boolean> => this.#ifNeeded(task);
    const ran = migration.atomic
      ? await this.#db.transaction(() => guard.checked(work, (cause) => this.#failure(task, steps.at(-1), cause)))
      : await work();
    report(ran ? "finished" : "skipped");
    if (ran) this.#done.push(migrationKey(migration));
  }

  /** Runs and records a migration, unless another process has done it since the plan was made. */
  async #ifNeeded(task: Task): Promise<boolean> {
    const { migration, direction } = task;
    if ((await this.#recorder.isApplied(migration)) === (direction === "forward")) return false;
    if (!this.#options.fake) await this.#operations(task);
    await (direction === "forward" ? this.#recorder.recordApplied(migration) : this.#recorder.recordUnapplied(migration));
    return true;
  }

  async #operations(task: Task): Promise<void> {
    const { migration, direction, steps } = task;
    for (const step of direction === "forward" ? steps : steps.toReversed()) {
      // What the project wrote itself may be just what no transaction allows.
      const isOwn = step.operation.kind === "run" || step.operation.kind === "runSQL";
      try {
        if (migration.atomic || isOwn) await this.#operation(task, step);
        else await this.#db.transaction(() => this.#operation(task, step));
      } catch (error) {
        throw this.#failure(task, step, error);
      }
    }
  }

  async #operation({ migration, direction }: Task, { operation, from, to }: Step): Promise<void> {
    const context = { app: migration.app, editor: this.#editor };
    if (direction === "forward") await operation.forward({ ...context, from, to });
    else await operation.backward({ ...context, from: to, to: from });
    if (this.#db.dialect === "postgres" && migration.atomic) await settleConstraints(this.#db);
  }

  #failure({ migration, direction }: Task, step: Step | undefined, cause: unknown): Error {
    return migrationErrors.MIGRATIONS_FAILED({
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
function requireReversible({ migration, direction }: PlannedMigration): void {
  if (direction === "forward") return;
  const stuck = migration.operations.find((operation) => !operation.reversible);
  if (stuck) throw migrationErrors.MIGRATIONS_IRREVERSIBLE({ migration: migrationKey(migration), operation: stuck.describe() });
}

/** The state before each migration, replayed once in the order of application. */
export function statesBefore(order: readonly Migration[]): (migration: Migration) => ProjectState {
  const states = new Map<string, ProjectState>();
  let state = new ProjectState();
  for (const migration of order) {
    states.set(migrationKey(migration), state);
    state = state.clone();
    applyMigration(migration, state);
  }
  return (migration) => states.get(migrationKey(migration))!;
}
