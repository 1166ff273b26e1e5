import { setTimeout as wait } from "node:timers/promises";
import { allowsMigration, type Database } from "../../database/database.ts";
import { migrationErrors } from "../errors.ts";
import { isAlreadyThere, isInitial } from "./fake-initial.ts";
import { applyMigration, applyOperation, type Migration, migrationKey } from "../migration.ts";
import type { Operation, SchemaEditor } from "../operations/operation.ts";
import { callsFunctions, isOwnWork } from "../operations/run-operations.ts";
import type { PlannedMigration } from "../plan.ts";
import { ProjectState } from "../state/project-state.ts";
import { MigrationRecorder } from "./recorder.ts";
import { ForeignKeyGuard } from "../schema/foreign-key-guard.ts";
import { schemaEditor } from "../schema/schema-editor.ts";

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
  /** Records an app's first migration without running it where all its tables are there. */
  fakeInitial?: boolean | undefined;
  /** How many seconds an operation waits on PostgreSQL for a table that others use; 0 waits for ever. Default 10. */
  lockTimeout?: number | undefined;
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
  /** The operations that ran, as sentences. */
  ran: string[];
}

/** Times that a migration is begun anew when it did not get a lock in time. */
const lockAttempts = 3;

/**
 * How it works
 *
 * Each migration is one transaction: the operations and the record of it are kept together or not at
 * all. Inside the transaction it is looked up once more whether the migration still needs doing, so that
 * of two processes one does it and the other skips it; the lock that `migrateProject` takes puts them in a
 * row. On PostgreSQL nothing waits long for a table that is in use, for everyone else would wait behind it.
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
    if (!this.#options.fake) for (const planned of plan) this.#requireRunnable(planned);
    const guard = new ForeignKeyGuard(this.#db);
    await guard.around(async () => {
      for (const planned of plan)
        await this.#one({ ...planned, ran: [], steps: stepsOf(planned.migration, stateBefore(planned.migration)) }, guard);
    });
  }

  async #one(task: Task, guard: ForeignKeyGuard): Promise<void> {
    const { migration, direction, steps } = task;
    const begin = performance.now();
    let faked = this.#options.fake === true;
    const report = (state: MigrationEvent["state"]): void => {
      const { app, name } = migration;
      const seconds = (performance.now() - begin) / 1000;
      this.#options.report?.({ state, direction, app, name, faked, seconds });
    };
    report("started");
    faked ||= await this.#isThereAlready(task);
    const work = (): Promise<boolean> => this.#ifNeeded(task, faked);
    const ran = migration.atomic
      ? await this.#patiently(task, () => guard.checked(work, (cause) => this.#failure(task, steps.at(-1), cause)))
      : await work();
    report(ran ? "finished" : "skipped");
    if (ran) this.#done.push(migrationKey(migration));
  }

  async #isThereAlready({ migration, direction, steps }: Task): Promise<boolean> {
    if (!this.#options.fakeInitial || direction === "backward" || !isInitial(migration)) return false;
    return isAlreadyThere(this.#db, migration, steps.at(-1)?.to);
  }

  /** A transaction, begun anew when it did not get a lock, unless it ran code that may have done more than change rows. */
  async #patiently<T>({ migration, ran }: Task, work: () => Promise<T>): Promise<T> {
    const attempts = migration.operations.some(callsFunctions) ? 1 : lockAttempts;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#db.transaction(() => this.#limited(work));
      } catch (error) {
        if (attempt >= attempts || (error as { code?: string }).code !== "MIGRATIONS_LOCK_TIMEOUT") throw error;
        ran.length = 0;
        await wait(500 * attempt);
      }
    }
  }

  /** Work inside a transaction that does not wait long for tables in use. */
  async #limited<T>(work: () => Promise<T>): Promise<T> {
    const { lockTimeout = 10 } = this.#options;
    if (this.#db.dialect === "postgres") await this.#db.script(`SET LOCAL lock_timeout = ${Math.round(lockTimeout * 1000)}`);
    return work();
  }

  /** Runs and records a migration, unless another process has done it since the plan was made. */
  async #ifNeeded(task: Task, faked: boolean): Promise<boolean> {
    const { migration, direction } = task;
    if ((await this.#recorder.isApplied(migration)) === (direction === "forward")) return false;
    if (!faked) await this.#operations(task);
    const all = [migration, ...migration.replaces.map(([app, name]) => ({ app, name }))];
    for (const one of all) {
      if (direction === "backward") await this.#recorder.recordUnapplied(one);
      else if (!(await this.#recorder.isApplied(one))) await this.#recorder.recordApplied(one);
    }
    return true;
  }

  async #operations(task: Task): Promise<void> {
    const { migration, direction, steps } = task;
    for (const step of direction === "forward" ? steps : steps.toReversed()) {
      const { transactional, describe } = step.operation;
      // What the project wrote itself may be just what no transaction allows.
      const isOwn = isOwnWork(step.operation) || transactional === false;
      try {
        if (migration.atomic || isOwn) await this.#operation(task, step);
        else await this.#db.transaction(() => this.#limited(() => this.#operation(task, step)));
      } catch (error) {
        throw this.#failure(task, step, error);
      }
      task.ran.push(describe());
    }
  }

  async #operation({ migration, direction }: Task, { operation, from, to }: Step): Promise<void> {
    const { model, ...hints } = operation.routing ?? {};
    if (!allowsMigration(this.#db, migration.app, { ...hints, ...(model !== undefined && { model }) })) return;
    const context = { app: migration.app, editor: this.#editor };
    if (direction === "forward") await operation.forward({ ...context, from, to });
    else await operation.backward({ ...context, from: to, to: from });
    if (this.#db.dialect === "postgres" && migration.atomic) await settleConstraints(this.#db);
  }

  #failure({ migration, direction, ran }: Task, step: Step | undefined, cause: unknown): Error {
    const [operation, position] = [step?.operation.describe() ?? "nothing", step?.position ?? "0"];
    const known = migrationKey(migration);
    const { lockTimeout: seconds = 10 } = this.#options;
    if (/lock timeout/i.test((cause as Error).message))
      return migrationErrors.MIGRATIONS_LOCK_TIMEOUT({ migration: known, operation, position, seconds, cause });
    return migrationErrors.MIGRATIONS_FAILED({
      migration: known,
      direction: direction === "forward" ? "applying" : "undoing",
      operation,
      position,
      atomic: migration.atomic,
      kept: migration.atomic ? [] : ran,
      applied: this.#done,
      cause,
    });
  }

  /** @throws MIGRATIONS_IRREVERSIBLE, MIGRATIONS_NOT_ATOMIC */
  #requireRunnable({ migration, direction }: PlannedMigration): void {
    const known = migrationKey(migration);
    const stuck = direction === "backward" && migration.operations.find((operation) => !operation.reversible);
    if (stuck) throw migrationErrors.MIGRATIONS_IRREVERSIBLE({ migration: known, operation: stuck.describe() });
    const loose = migration.operations.find((operation) => operation.transactional === false);
    if (loose && migration.atomic && this.#db.dialect === "postgres")
      throw migrationErrors.MIGRATIONS_NOT_ATOMIC({ migration: known, operation: loose.describe() });
  }
}

/** Each operation with the state it starts from and the one it leaves. */
export function stepsOf(migration: Migration, before: ProjectState): Step[] {
  let from = before;
  return migration.operations.map((operation, index) => {
    const to = from.clone();
    applyOperation(migration, index, to);
    const step = { operation, position: `${index + 1} of ${migration.operations.length}`, from, to };
    from = to;
    return step;
  });
}

/** PostgreSQL refuses to alter a table that has deferred checks waiting. */
async function settleConstraints(db: Database): Promise<void> {
  await db.script("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED");
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
