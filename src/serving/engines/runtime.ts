import type { Handler } from "../handlers/handler.ts";
import type { Task } from "./task.ts";
import type { HostPool } from "../hosts/host-pool.ts";
import type { Manifest } from "../repositories/manifest.ts";
import type { Signature } from "../tensors/signature.ts";
import type { Tensors } from "../tensors/tensor.ts";
import type { Examination, ExamineOptions } from "./examination.ts";
import type { UnreadBody, WrittenBody } from "./unread-body.ts";
import type { SequenceStep } from "./engine.ts";
import type { Limits } from "./limits.ts";
import type { TraceSpan } from "./trace-span.ts";

/**
 * How it works: a runtime is what can run the versions of a model. It loads a version and gives a runner, which either runs
 * tensors (ONNX, a Triton elsewhere) or answers items (functions of the project, a Python handler). Everything around a run,
 * the queue, batches, deadlines, the cache, the checks of what comes and goes, is the engine's, and the same for all runtimes.
 */
export interface Runtime {
  /** `"onnx"`, `"python"`, `"open-inference"`, … */
  readonly kind: string;
  /** False for what needs no files of a version: functions of the project, an engine elsewhere. It has one version, "1". */
  readonly needsFiles: boolean;
  /** Says what is wrong with its settings before anything is loaded, for `cortado check`. `root` is the project's folder. */
  check?(root: string): RuntimeProblem[];
  /** Changes when what it runs besides the versions' files has changed: versions are then loaded anew. */
  fingerprint?(root: string): Promise<string>;
  /** Tries a version where it can harm nobody. What it finds is kept for every later `load`. */
  inspect?(version: RuntimeVersion): Promise<Inspection>;
  /** Measures a version apart from all others, for `cortado models doctor`. */
  examine?(version: RuntimeVersion, options: ExamineOptions): Promise<Examination>;
  /** Loads a version; the promise is fulfilled when it can answer. */
  load(version: RuntimeVersion, inspection: Inspection | undefined): Promise<Runner>;
}

/** Something wrong with a runtime's settings. */
export interface RuntimeProblem {
  /** A code of the layer's checks: `SERVING_CHECK_…`. */
  code: string;
  message: string;
  hint?: string | undefined;
}

/** A version that a runtime is to load. */
export interface RuntimeVersion {
  model: string;
  version: string;
  /** The folder of its files. */
  directory: string;
  /** The project's folder, where what a handler names by a relative path begins. */
  root: string;
  /** Takes a line that the runtime's own processes printed. */
  log(line: string): void;
  manifest: Manifest | undefined;
  handler: Handler | undefined;
  /** What the handler says of it, and the server where it does not. */
  limits: Limits;
  /** The processes in which models run. */
  pool: HostPool;
  /** The handler's warm-up items as inputs of the model: made by its own code, which wants to see the signature. */
  warmUp(signature: Signature): Promise<Tensors[]>;
}

/** What trying a version found. */
export interface Inspection {
  signature: Signature;
  /** True when rows that run together give what they give alone, in less time. */
  batches: boolean;
  /** Bytes that one loaded copy occupied, where that was measured. */
  memory?: number | undefined;
}

/** A loaded version. */
export type Runner = TensorRunner | ItemRunner;

/** How one run is limited, and what it belongs to. */
export interface RunOptions {
  /** Aborted when nobody waits for the run any more; the runtime gives it up where it can. */
  signal: AbortSignal;
  /** The sequence whose step this is: then the run is of one item, and all of its runs go to the same instance, in their order. */
  sequence?: SequenceRun | undefined;
  /** How the request is called, where the run is of one alone. */
  requestId?: string | undefined;
  /** The milliseconds that are left to answer, where the run is of one request alone. */
  deadline?: number | undefined;
  /** The priority of the request, where the run is of one alone. */
  priority?: number | undefined;
  /** What the run is told below, where its request is traced; of a run of several requests, one of theirs. */
  trace?: TraceSpan | undefined;
}

/** A step of a sequence, as a runtime sees it. */
export interface SequenceRun extends SequenceStep {
  /** Kept from the first step to the last: what the steps tell each other. */
  memory: Record<string, unknown>;
}

/** What a run gave, and the milliseconds that it took where it ran. */
export interface RunResult<T> {
  result: T;
  milliseconds: number;
  /** How many rows were run, where that was not known before. */
  rows?: number | undefined;
}

/** What bodies are run as. */
export interface BodyRun {
  version: string;
  /** The most items of one body, and the most rows that are run together. */
  mostItems: number;
  mostRows: number;
}

/** What came of bodies. */
export interface AnsweredBodies {
  /** The answer to each in its order, or why it has none. */
  answers: readonly (WrittenBody | Error)[];
  /** How many rows they held. */
  rows: number;
  /** Milliseconds that it took to read them, and to write the answers. */
  input: number;
  output: number;
}

/** Runs tensors. No more runs are asked for at once than it has slots, and takes ahead. */
export interface TensorRunner {
  readonly takes: "tensors";
  readonly signature: Signature;
  /** True where rows may be run together. */
  readonly batches: boolean;
  /** How many runs go side by side. */
  readonly slots: number;
  /** How many runs it takes beyond those, to begin them without waiting for the next to be handed over; none where it is absent. */
  readonly ahead?: number | undefined;
  /** @throws SERVING_MODEL_REFUSED, SERVING_DEADLINE, SERVING_HOST_LOST */
  run(inputs: Tensors, options: RunOptions): Promise<RunResult<Tensors>>;
  /** Reads bodies where the model runs, runs them together, and answers each by itself; absent where only tensors go there. */
  runBodies?(bodies: readonly UnreadBody[], task: BodyRun, options: RunOptions): Promise<RunResult<AnsweredBodies>>;
  /** Bytes that the loaded version occupies, where that can be told. */
  memory?(): number | undefined;
  /** Why it does not answer at present, though it is loaded: what runs it ended again and again. */
  problem?(): string | undefined;
  close(): void | Promise<void>;
}

/** Answers items. */
export interface ItemRunner {
  readonly takes: "items";
  /** True where it holds items and answers against the handler's schemas itself. */
  readonly checks?: boolean | undefined;
  /** What it does on OpenAI's addresses, where its model says it and the handler does not. */
  readonly tasks?: readonly Task[] | undefined;
  /** Present where the items are checked against it, and `infer` is served too. */
  readonly signature?: Signature | undefined;
  readonly batches: boolean;
  readonly slots: number;
  /** One result for each item, in their order. */
  run(items: unknown[], options: RunOptions): Promise<RunResult<unknown[]>>;
  /** Answers one item piece by piece, until the reader stops. */
  stream?(item: unknown, options: RunOptions): AsyncIterable<unknown>;
  memory?(): number | undefined;
  problem?(): string | undefined;
  close(): void | Promise<void>;
}
