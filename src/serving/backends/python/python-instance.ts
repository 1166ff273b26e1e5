import { setTimeout as sleep } from "node:timers/promises";
import { withinSpan } from "../../engines/within-span.ts";
import { servingErrors } from "../../errors.ts";
import type { RunOptions, RunResult } from "../../engines/runtime.ts";
import type { Breaker } from "../../processes/breaker.ts";
import { HostLost } from "../../processes/host-lost.ts";
import { readableBytes } from "../../processes/readable-bytes.ts";
import type { PythonMessage } from "./python-line.ts";
import { PythonProcess, type PythonProcessOptions } from "./python-process.ts";

/** How often a run is sent again after its process was lost. */
const ATTEMPTS = 2;
/** Milliseconds that a run which was given up has to end by itself, before its process is ended. */
const GRACE = 1000;
/** Milliseconds between two looks at how much memory it has. */
const LOOK_EVERY = 250;

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
  #process: PythonProcess | undefined;
  #opening: Promise<PythonProcess> | undefined;
  /** While it loads. */
  #starting: PythonProcess | undefined;
  #closed = false;

  constructor(options: PythonInstanceOptions, breaker: Breaker) {
    this.#options = options;
    this.#breaker = breaker;
  }

  get memory(): number | undefined {
    return this.#process?.memory;
  }

  open(): Promise<PythonProcess> {
    this.#opening ??= this.#start().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** @throws SERVING_MODEL_REFUSED, SERVING_PYTHON_FAILED, SERVING_BAD_OUTPUT, SERVING_DEADLINE, SERVING_HOST_LOST, … */
  run(message: PythonMessage, options: RunOptions): Promise<RunResult<unknown>> {
    const { requestId } = options;
    return withinSpan(options.trace, { name: "python" }, (trace) => this.#run(told(message, { requestId, trace }), options));
  }

  async #run(message: PythonMessage, options: RunOptions): Promise<RunResult<unknown>> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await this.#exchange(await this.#ready(), message, options);
        this.#breaker.succeed();
        if (answer.type === "result") return { result: answer.value, milliseconds: answer["milliseconds"] as number };
        throw this.#failure(answer, options);
      } catch (error) {
        if (!(error instanceof HostLost) || this.#closed) throw error;
        this.#giveUpAfter(attempt, error);
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

  async close(): Promise<void> {
    this.#closed = true;
    this.#starting?.kill("it is not needed any more", "ended");
    await this.#process?.end();
  }

  async #ready(): Promise<PythonProcess> {
    return this.#process?.alive ? this.#process : this.open();
  }

  /** One question and its answer, within the deadline. What overruns it or is given up is interrupted, and ended if it does not heed that. */
  async #exchange(python: PythonProcess, message: PythonMessage, { signal }: RunOptions): Promise<PythonMessage> {
    const { deadline } = this.#options;
    let overran = false;
    let killing: NodeJS.Timeout | undefined;
    const giveUp = () => {
      python.interrupt();
      const kind = overran ? "crashed" : "ended";
      killing ??= setTimeout(() => python.kill("a run that was given up did not end", kind), GRACE);
    };
    const limit = setTimeout(() => {
      overran = true;
      giveUp();
    }, deadline);
    signal?.addEventListener("abort", giveUp, { once: true });
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
      clearTimeout(killing);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  async #stop(python: PythonProcess): Promise<void> {
    const limit = setTimeout(() => python.kill("a stream that was given up did not end", "ended"), GRACE);
    await python.ask({ type: "stop" }).catch(() => {});
    clearTimeout(limit);
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

  #giveUpAfter(attempt: number, lost: HostLost): void {
    if (attempt < ATTEMPTS) return;
    const { process, memory } = this.#options;
    if (lost.kind === "memory") throw servingErrors.SERVING_OVER_MEMORY({ model: process.model, limit: readableBytes(memory!) });
    throw servingErrors.SERVING_HOST_LOST({ model: process.model, attempts: attempt });
  }

  async #start(): Promise<PythonProcess> {
    const { process, module } = this.#options;
    const { broken } = this.#breaker;
    if (broken) throw servingErrors.SERVING_MODEL_BROKEN({ model: process.model, ...broken });
    await sleep(this.#breaker.pause);
    const python = (this.#starting = new PythonProcess(process));
    const answer = await this.#load(python).finally(() => (this.#starting = undefined));
    if (answer.type !== "ready") {
      void python.end();
      const { problem, hint } = answer as unknown as { problem: string; hint?: string };
      throw servingErrors.SERVING_PYTHON_MODULE({ model: process.model, module, problem, hint });
    }
    this.kinds = answer["kinds"] as string[];
    this.#options.onFiles(answer["files"] as string[]);
    this.#process = python;
    this.#watchMemory(python);
    void python.exited.then(() => this.#onLost(python));
    if (this.#closed) void python.end();
    return python;
  }

  async #load(python: PythonProcess): Promise<PythonMessage> {
    const { load, loadWithin, module, process } = this.#options;
    const limit = setTimeout(() => python.kill(`loading took longer than ${loadWithin} ms`, "crashed"), loadWithin);
    try {
      return await python.ask(load);
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      this.#breaker.fail(error.message);
      throw servingErrors.SERVING_PYTHON_MODULE({ model: process.model, module, problem: `does not load: ${error.message}` });
    } finally {
      clearTimeout(limit);
    }
  }

  #watchMemory(python: PythonProcess): void {
    const { memory } = this.#options;
    if (memory === undefined) return;
    const looks = setInterval(() => {
      if ((python.memory ?? 0) > memory) python.kill(`it had more than ${readableBytes(memory)} of memory`, "memory");
    }, LOOK_EVERY).unref();
    void python.exited.then(() => clearInterval(looks));
  }

  /** It is loaded again at once, before anyone asks for it. */
  #onLost(python: PythonProcess): void {
    if (this.#process === python) this.#process = undefined;
    if (this.#closed) return;
    if (python.lost instanceof HostLost && python.lost.kind !== "ended") this.#breaker.fail(python.lost.message);
    // A failure is met, and told, by the next run.
    this.open().catch(() => {});
  }
}

/** A message with the request that it belongs to, where it belongs to one: its name, and its trace's headers. */
function told(message: PythonMessage, { requestId: id, trace }: Pick<RunOptions, "requestId" | "trace">): PythonMessage {
  if (id === undefined && trace === undefined) return message;
  return { ...message, request: { id, trace: trace?.headers } };
}
