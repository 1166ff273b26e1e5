import { withinSpan } from "../../engines/within-span.ts";
import { servingErrors } from "../../errors.ts";
import type { RunOptions, RunResult } from "../../engines/runtime.ts";
import { Attempts } from "../../processes/attempts.ts";
import type { Breaker } from "../../processes/breaker.ts";
import { HostLost } from "../../processes/host-lost.ts";
import { limitMemory, ownProcess } from "../../processes/own-process.ts";
import { StoppableRun } from "../../processes/stoppable-run.ts";
import { Supervisor } from "../../processes/supervisor.ts";
import { withinTime } from "../../processes/within-time.ts";
import type { PythonMessage } from "./python-line.ts";
import { PythonProcess, type PythonProcessOptions } from "./python-process.ts";

/** How often a run is sent again after its process was lost. */
const ATTEMPTS = 2;
/** Milliseconds that a run which was given up has to end by itself, before its process is ended. */
const GRACE = 1000;

export interface PythonInstanceOptions {
  process: PythonProcessOptions;
  /** What it is told to load. */
  load: PythonMessage;
  /** The module's name, for messages. */
  module: string;
  deadline: number;
  loadWithin: number;
  memory: number | undefined;
  /** Told which of the project's files it imported. */
  onFiles(files: readonly string[]): void;
}

/** One loaded copy of a handler, in a process of its own. When that is lost, it is loaded again. */
export class PythonInstance {
  /** Which steps the handler has: `inference`, `predict`, `stream`, `train`. */
  kinds: readonly string[] = [];
  readonly #options: PythonInstanceOptions;
  readonly #breaker: Breaker;
  readonly #process: Supervisor<PythonProcess>;

  constructor(options: PythonInstanceOptions, breaker: Breaker) {
    this.#options = options;
    this.#breaker = breaker;
    const { process, loadWithin } = options;
    const parts = ownProcess({
      model: process.model,
      breaker,
      loadWithin,
      make: () => new PythonProcess(process),
      load: (python) => this.#load(python),
      unloadable: (reason) => this.#unloadable(`does not load: ${reason}`),
      end: (python) => python.end(),
    });
    this.#process = new Supervisor(parts);
  }

  get memory(): number | undefined {
    return this.#process.held?.memory;
  }

  open(): Promise<PythonProcess> {
    return this.#process.open();
  }

  /** @throws SERVING_MODEL_REFUSED, SERVING_PYTHON_FAILED, SERVING_BAD_OUTPUT, SERVING_DEADLINE, SERVING_HOST_LOST, … */
  run(message: PythonMessage, options: RunOptions): Promise<RunResult<unknown>> {
    const { requestId } = options;
    return withinSpan(options.trace, { name: "python" }, (trace) => this.#run(told(message, { requestId, trace }), options));
  }

  async #run(message: PythonMessage, options: RunOptions): Promise<RunResult<unknown>> {
    let attempts: Attempts | undefined;
    for (;;) {
      try {
        const answer = await this.#exchange(await this.#ready(), message, options);
        this.#breaker.succeed();
        if (answer.type === "result") return { result: answer.value, milliseconds: answer["milliseconds"] as number };
        throw this.#failure(answer, options);
      } catch (error) {
        if (!(error instanceof HostLost) || this.#process.closed) throw error;
        (attempts ??= this.#attempts()).lose(error);
      }
    }
  }

  /** The pieces of one answer. A reader that stops ends the generator in Python. */
  async *stream(message: PythonMessage, options: RunOptions): AsyncGenerator<unknown, void> {
    const python = await this.#ready();
    let answer = await this.#exchange(python, told(message, options), options).catch((error: unknown) => {
      throw this.#told(error);
    });
    try {
      while (answer.type === "piece") {
        yield answer.value;
        answer = await this.#exchange(python, { type: "more" }, options).catch((error: unknown) => {
          answer = { type: "lost" };
          throw this.#told(error);
        });
      }
      this.#breaker.succeed();
      if (answer.type !== "done") throw this.#failure(answer, options);
    } finally {
      if (answer.type === "piece") await this.#stop(python);
    }
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #ready(): PythonProcess | Promise<PythonProcess> {
    return this.#process.ready ?? this.open();
  }

  /** One question and its answer, within the deadline. What overruns it or is given up is interrupted, and ended if it does not heed that. */
  async #exchange(python: PythonProcess, message: PythonMessage, { signal }: RunOptions): Promise<PythonMessage> {
    const { deadline } = this.#options;
    const run = new StoppableRun({ process: python, stop: () => python.interrupt(), grace: GRACE, kind: "ended", signal });
    let overran = false;
    const limit = setTimeout(() => {
      overran = true;
      run.giveUp("crashed");
    }, deadline);
    try {
      signal?.throwIfAborted();
      const answer = await python.ask(message);
      if (overran) throw this.#overrun();
      return answer;
    } catch (error) {
      if (overran) throw this.#overrun();
      if (signal?.aborted) throw signal.reason;
      throw error;
    } finally {
      clearTimeout(limit);
      run.end();
    }
  }

  async #stop(python: PythonProcess): Promise<void> {
    const overran = () => python.kill("a stream that was given up did not end", "ended");
    await withinTime(GRACE, python.ask({ type: "stop" }), overran).catch(() => {});
  }

  #overrun(): Error {
    const { process, deadline } = this.#options;
    return servingErrors.SERVING_DEADLINE({ model: process.model, milliseconds: deadline });
  }

  /** An answer that is none, as the error that it tells of. */
  #failure(answer: PythonMessage, { signal }: RunOptions): Error {
    const { model } = this.#options.process;
    const { type, step, problem } = answer as unknown as { type: string; step: string; problem: string };
    if (type === "refused") return servingErrors.SERVING_MODEL_REFUSED({ model, reason: problem });
    if (type === "unsendable") return servingErrors.SERVING_BAD_OUTPUT({ model, step, problem });
    if (type === "cancelled") return (signal?.reason as Error | undefined) ?? this.#overrun();
    return servingErrors.SERVING_PYTHON_FAILED({ model, step, problem });
  }

  /** A stream has given pieces already, so it is not begun again. */
  #told(error: unknown): unknown {
    if (!(error instanceof HostLost)) return error;
    const { model } = this.#options.process;
    return servingErrors.SERVING_HOST_LOST({ model, attempts: 1 });
  }

  #attempts(): Attempts {
    const { process, memory } = this.#options;
    return new Attempts({ model: process.model, attempts: ATTEMPTS, memory });
  }

  async #load(python: PythonProcess): Promise<void> {
    const { load, memory, onFiles } = this.#options;
    const answer = await python.ask(load);
    if (answer.type !== "ready") throw this.#unloadable(answer["problem"] as string, answer["hint"] as string | undefined);
    this.kinds = answer["kinds"] as string[];
    onFiles(answer["files"] as string[]);
    limitMemory(python, memory);
  }

  #unloadable(problem: string, hint?: string): Error {
    const { module, process } = this.#options;
    return servingErrors.SERVING_PYTHON_MODULE({ model: process.model, module, problem, hint });
  }
}

/** A message with the request that it belongs to, where it belongs to one: its name, and its trace's headers. */
function told(message: PythonMessage, { requestId: id, trace }: Pick<RunOptions, "requestId" | "trace">): PythonMessage {
  if (id === undefined && trace === undefined) return message;
  return { ...message, request: { id, trace: trace?.headers } };
}
