import { setTimeout as sleep } from "node:timers/promises";
import { CortadoError } from "#kernel";
import { servingErrors } from "../../errors.ts";
import type { Breaker } from "../../processes/breaker.ts";
import { HostLost } from "../../processes/host-lost.ts";
import { readableBytes } from "../../processes/readable-bytes.ts";
import type { LlamaAnswer, LlamaEmbedding, LlamaPiece, LoadedLlama } from "./llama-messages.ts";
import type { LlamaSettings } from "./llama-options.ts";
import { LlamaProcess, problemOf } from "./llama-process.ts";
import type { LlamaQuestion } from "./llama-question.ts";
import type { ReplyLine } from "./reply-line.ts";

/** How often a question is asked again after its process was lost, where nothing of its answer has been given. */
const ATTEMPTS = 2;
/** Milliseconds that a process has to heed that an answer is given up, before it is taken to hang. */
const GRACE = 10_000;
/** Milliseconds between two looks at how much memory it has. */
const LOOK_EVERY = 250;

export interface LlamaInstanceOptions {
  /** The model's name, for messages. */
  model: string;
  settings: LlamaSettings;
  loadWithin: number;
  memory: number | undefined;
  /** Takes a line that the process printed. */
  log(line: string): void;
}

/** One loaded copy of a model, in a process of its own. When that is lost, it is loaded again. */
export class LlamaInstance {
  /** How many questions it is answering. */
  busy = 0;
  readonly #options: LlamaInstanceOptions;
  readonly #breaker: Breaker;
  #process: LlamaProcess | undefined;
  #opening: Promise<LoadedLlama> | undefined;
  /** While it loads. */
  #starting: LlamaProcess | undefined;
  #closed = false;

  constructor(options: LlamaInstanceOptions, breaker: Breaker) {
    this.#options = options;
    this.#breaker = breaker;
  }

  get memory(): number | undefined {
    return this.#process?.memory;
  }

  /** @throws SERVING_BAD_ARTIFACT, SERVING_QUARANTINE, SERVING_MODEL_BROKEN, KERNEL_MISSING_PACKAGE, … */
  open(): Promise<LoadedLlama> {
    this.#opening ??= this.#start().finally(() => (this.#opening = undefined));
    return this.#opening;
  }

  /** The whole answer. @throws SERVING_BAD_INPUT, SERVING_MODEL_REFUSED, SERVING_HANDLER_FAILED, SERVING_HOST_LOST, … */
  async answer(question: LlamaQuestion, signal: AbortSignal | undefined): Promise<LlamaAnswer | LlamaEmbedding> {
    for (let attempt = 1; ; attempt++) {
      try {
        let content = "";
        for await (const piece of this.#exchange(question, signal)) {
          if (typeof piece === "string") content += piece;
          else return "embedding" in piece ? piece : { content, ...piece };
        }
      } catch (error) {
        this.#demandAgain(error, attempt, signal);
      }
    }
  }

  /** The pieces of an answer. @throws as `answer` */
  async *stream(question: LlamaQuestion, signal: AbortSignal | undefined): AsyncGenerator<LlamaPiece | LlamaEmbedding, void> {
    for (let attempt = 1; ; attempt++) {
      let begun = false;
      try {
        for await (const piece of this.#exchange(question, signal)) {
          begun = true;
          yield piece;
        }
        return;
      } catch (error) {
        // What has been given cannot be taken back.
        this.#demandAgain(error, begun ? ATTEMPTS : attempt, signal);
      }
    }
  }

  close(): void {
    this.#closed = true;
    for (const process of [this.#starting, this.#process]) process?.kill("it is not needed any more", "ended");
  }

  async #ready(): Promise<LlamaProcess> {
    if (!this.#process?.alive) await this.open();
    return this.#process!;
  }

  /** The texts of an answer, and at last its end. A reader that stops gives it up. */
  async *#exchange(question: LlamaQuestion, signal: AbortSignal | undefined): AsyncGenerator<LlamaPiece | LlamaEmbedding, void> {
    signal?.throwIfAborted();
    const process = await this.#ready();
    const line = process.ask(question);
    this.busy++;
    let ended = false;
    let killing: NodeJS.Timeout | undefined;
    const giveUp = () => {
      process.stop(line);
      killing ??= setTimeout(() => process.kill("an answer that was given up did not end", "crashed"), GRACE).unref();
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      while (!ended) {
        const reply = await line.next();
        ended = reply.type !== "piece";
        if (reply.type === "piece") yield reply.text;
        else if (reply.type === "done") {
          this.#breaker.succeed();
          yield reply.answer;
        } else throw this.#failure(problemOf(reply), signal);
      }
    } finally {
      this.busy--;
      signal?.removeEventListener("abort", giveUp);
      if (!ended && process.alive) {
        giveUp();
        void drained(line).then(() => finish(process, line, killing));
      } else finish(process, line, killing);
    }
  }

  #failure(error: Error, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof CortadoError) return error;
    return servingErrors.SERVING_HANDLER_FAILED({ model: this.#options.model, reason: error.message });
  }

  /** Whether a question is asked again whose process was lost. @throws what it failed by, where it is not */
  #demandAgain(error: unknown, attempt: number, signal: AbortSignal | undefined): void {
    if (!(error instanceof HostLost)) throw error;
    if (attempt < ATTEMPTS && !this.#closed && !signal?.aborted) return;
    const { model, memory } = this.#options;
    if (error.kind === "memory") throw servingErrors.SERVING_OVER_MEMORY({ model, limit: readableBytes(memory!) });
    throw servingErrors.SERVING_HOST_LOST({ model, attempts: attempt });
  }

  async #start(): Promise<LoadedLlama> {
    const { model, settings, log } = this.#options;
    const { broken } = this.#breaker;
    if (broken) throw servingErrors.SERVING_MODEL_BROKEN({ model, ...broken });
    await sleep(this.#breaker.pause);
    const process = (this.#starting = new LlamaProcess(log));
    // A process that ends while it loads, or needs too much for that, ends alone.
    this.#watchMemory(process);
    const loaded = await this.#load(process, settings).finally(() => (this.#starting = undefined));
    this.#process = process;
    void process.exited.then(() => this.#onLost(process));
    if (this.#closed) process.kill("it is not needed any more", "ended");
    return loaded;
  }

  async #load(process: LlamaProcess, settings: LlamaSettings): Promise<LoadedLlama> {
    const { loadWithin } = this.#options;
    const limit = setTimeout(() => process.kill(`loading took longer than ${loadWithin} ms`, "crashed"), loadWithin);
    try {
      return await process.load(settings);
    } catch (error) {
      process.kill("it did not load", "ended");
      if (!(error instanceof HostLost)) throw error;
      this.#breaker.fail(error.message);
      throw servingErrors.SERVING_QUARANTINE({ reason: error.message });
    } finally {
      clearTimeout(limit);
    }
  }

  #watchMemory(process: LlamaProcess): void {
    const { memory } = this.#options;
    if (memory === undefined) return;
    const looks = setInterval(() => {
      if ((process.memory ?? 0) > memory) process.kill(`it had more than ${readableBytes(memory)} of memory`, "memory");
    }, LOOK_EVERY).unref();
    void process.exited.then(() => clearInterval(looks));
  }

  /** It is loaded again at once, before anyone asks for it. */
  #onLost(process: LlamaProcess): void {
    if (this.#process === process) this.#process = undefined;
    if (this.#closed) return;
    if (process.lost && process.lost.kind !== "ended") this.#breaker.fail(process.lost.message);
    // A failure is met, and told, by the next question.
    this.open().catch(() => {});
  }
}

/** Reads a line to its end, which nobody wants any more. */
async function drained(line: ReplyLine): Promise<void> {
  for (let type = "piece"; type === "piece";)
    type = await line.next().then(
      (reply) => reply.type,
      () => "lost",
    );
}

function finish(process: LlamaProcess, line: ReplyLine, killing: NodeJS.Timeout | undefined): void {
  clearTimeout(killing);
  process.close(line);
}
