import { char, dateTime, foreignKey, index, integer, json, manager, Model, unique, uuid } from "#orm";
import type { Canary, Shadow } from "#serving";

/**
 * Where a run stands, and how that is called. The last four are ends; what was interrupted or failed can be resumed.
 *
 * ```ts
 * runStates.queued; // "Queued"
 * ```
 */
export const runStates = {
  queued: "Queued",
  running: "Running",
  cancelling: "Cancelling",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
} as const;

export type RunState = keyof typeof runStates;

/** How far a run has come. */
export interface RunProgress {
  done: number;
  total: number;
}

/** Why a run failed. */
export interface RunError {
  code: string;
  message: string;
  hint?: string | undefined;
}

/** One training of a model. */
export class Run extends Model(
  {
    model: char({ maxLength: 128 }),
    state: char({ maxLength: 16, choices: runStates, default: "queued" }),
    parameters: json<Record<string, unknown>>(),
    /** The number of the version that came of it. */
    version: char({ maxLength: 18, null: true, blank: true }),
    metrics: json<Record<string, number>>({ null: true, blank: true }),
    progress: json<RunProgress>({ null: true, blank: true }),
    error: json<RunError>({ null: true, blank: true }),
    dataset: json<Record<string, unknown>>({ null: true, blank: true }),
    /** Who asked for it, as text: the run outlives the user. */
    startedBy: char({ maxLength: 254, default: "", blank: true }),
    /** The process that works on it: machine, process and a word of its own. */
    owner: char({ maxLength: 200, default: "", blank: true }),
    created: dateTime({ autoNowAdd: true }),
    started: dateTime({ null: true, blank: true }),
    finished: dateTime({ null: true, blank: true }),
  },
  { ordering: ["-id"], indexes: [index(["state"]), index(["model", "-id"])] },
) {
  static objects = manager(this);
  override toString(): string {
    return `${this.model} run ${this.id}`;
  }
}

/** Something that a run told: its state, its progress, a metric or a line of its log. Their ids order them. */
export class RunEvent extends Model(
  {
    run: () => foreignKey(Run, { onDelete: "cascade", relatedName: "events" }),
    kind: char({ maxLength: 16 }),
    data: json<Record<string, unknown>>(),
    created: dateTime({ autoNowAdd: true }),
  },
  { ordering: ["id"] },
) {
  static objects = manager(this);
  override toString(): string {
    return `${this.kind} of run ${this.runId}`;
  }
}

/** Whether a version can be used. */
export const versionStates = { pending: "Being tried", ready: "Ready", failed: "Refused", removed: "Removed" } as const;

/** A version of a model. Its number is never given to another, so the row stays when the version is removed. */
export class ModelVersion extends Model(
  {
    model: char({ maxLength: 128 }),
    version: integer(),
    state: char({ maxLength: 16, choices: versionStates, default: "pending" }),
    /** What it came of: a run's number, or how it was uploaded. */
    origin: char({ maxLength: 100, default: "", blank: true }),
    metrics: json<Record<string, number>>({ null: true, blank: true }),
    error: json<RunError>({ null: true, blank: true }),
    created: dateTime({ autoNowAdd: true }),
  },
  { ordering: ["model", "-version"], constraints: [unique(["model", "version"], { name: "registry_version_once" })] },
) {
  static objects = manager(this);
  override toString(): string {
    return `${this.model}@${this.version}`;
  }
}

/** A prediction that a handler has recorded, and the right answer where somebody gave it. */
export class Prediction extends Model(
  {
    /** What the caller was told to call it. */
    key: uuid({ unique: true }),
    model: char({ maxLength: 128 }),
    version: char({ maxLength: 18 }),
    items: json<readonly unknown[]>(),
    answers: json<readonly unknown[]>(),
    /** One for each item; null until somebody gives them. */
    rightAnswers: json<readonly unknown[]>({ null: true, blank: true }),
    /** Who gave them, as text. */
    givenBy: char({ maxLength: 254, default: "", blank: true }),
    given: dateTime({ null: true, blank: true }),
    created: dateTime({ autoNowAdd: true }),
  },
  { ordering: ["-id"], indexes: [index(["model", "given"])] },
) {
  static objects = manager(this);
  override toString(): string {
    return `${this.model} ${this.key}`;
  }
}

/** A name for a version: `default` where it is pinned, `champion`, … */
export class ModelAlias extends Model(
  {
    model: char({ maxLength: 128 }),
    alias: char({ maxLength: 128 }),
    version: char({ maxLength: 18 }),
    canary: json<Canary>({ null: true, blank: true }),
    shadow: json<Shadow>({ null: true, blank: true }),
    /** The versions that it named before, the latest last. */
    history: json<readonly string[]>({ default: () => [], blank: true }),
    updated: dateTime({ autoNow: true }),
  },
  {
    ordering: ["model", "alias"],
    constraints: [unique(["model", "alias"], { name: "registry_alias_once" })],
    verboseNamePlural: "model aliases",
  },
) {
  static objects = manager(this);
  override toString(): string {
    return `${this.model}:${this.alias} → ${this.version}`;
  }
}
