import { CortadoError } from "#kernel";
import { servingErrors } from "../../errors.ts";
import { Attempts } from "../../processes/attempts.ts";
import type { Breaker } from "../../processes/breaker.ts";
import type { TokenChance } from "../../engines/token-chance.ts";
import { HostLost } from "../../processes/host-lost.ts";
import { limitMemory, ownProcess } from "../../processes/own-process.ts";
import { StoppableRun } from "../../processes/stoppable-run.ts";
import { Supervisor } from "../../processes/supervisor.ts";
import type { LlamaAnswer, LlamaEmbedding, LlamaPiece, LoadedLlama } from "./llama-messages.ts";
import type { LlamaSettings } from "./llama-options.ts";
import { LlamaProcess, problemOf } from "./llama-process.ts";
import type { LlamaQuestion } from "./llama-question.ts";
import type { ReplyLine } from "./reply-line.ts";

/** How often a question is asked again after its process was lost, where nothing of its answer has been given. */
const ATTEMPTS = 2;
/** Milliseconds that a process has to heed that an answer is given up, before it is taken to hang. */
const GRACE = 10_000;

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
  readonly #process: Supervisor<LlamaProcess>;
  #loaded: LoadedLlama | undefined;

  constructor(options: LlamaInstanceOptions, breaker: Breaker) {
    this.#options = options;
    this.#breaker = breaker;
    const { model, settings, loadWithin, memory, log } = options;
    const parts = ownProcess({
      model,
      breaker,
      loadWithin,
      make: () => new LlamaProcess(log),
      load: async (process) => {
        // One that needs too much to load ends alone.
        limitMemory(process, memory);
        this.#loaded = await process.load(settings);
      },
      unloadable: (reason) => servingErrors.SERVING_QUARANTINE({ reason }),
      end: (process) => process.kill("it is not needed any more", "ended"),
    });
    this.#process = new Supervisor(parts);
  }

  get memory(): number | undefined {
    return this.#process.held?.memory;
  }

  /** @throws SERVING_BAD_ARTIFACT, SERVING_QUARANTINE, SERVING_MODEL_BROKEN, KERNEL_MISSING_PACKAGE, … */
  async open(): Promise<LoadedLlama> {
    await this.#process.open();
    return this.#loaded!;
  }

  /** The whole answer. @throws SERVING_BAD_INPUT, SERVING_MODEL_REFUSED, SERVING_HANDLER_FAILED, SERVING_HOST_LOST, … */
  async answer(question: LlamaQuestion, signal: AbortSignal | undefined): Promise<LlamaAnswer | LlamaEmbedding> {
    const attempts = this.#attempts();
    for (;;) {
      try {
        let content = "";
        const chances: TokenChance[] = [];
        for await (const piece of this.#exchange(question, signal)) {
          if (typeof piece === "string") content += piece;
          else if ("content" in piece) {
            content += piece.content;
            chances.push(...piece.logprobs);
          } else if ("embedding" in piece) return piece;
          else return { content, ...(asksChances(question) && { logprobs: chances }), ...piece };
        }
      } catch (error) {
        this.#demandAgain(error, attempts, signal?.aborted);
      }
    }
  }

  /** The pieces of an answer. @throws as `answer` */
  async *stream(question: LlamaQuestion, signal: AbortSignal | undefined): AsyncGenerator<LlamaPiece | LlamaEmbedding, void> {
    const attempts = this.#attempts();
    for (;;) {
      let begun = false;
      try {
        for await (const piece of this.#exchange(question, signal)) {
          begun = true;
          yield piece;
        }
        return;
      } catch (error) {
        // What has been given cannot be taken back.
        this.#demandAgain(error, attempts, begun || signal?.aborted);
      }
    }
  }

  close(): void {
    void this.#process.close();
  }

  /** The texts of an answer, and at last its end. A reader that stops gives it up. */
  async *#exchange(question: LlamaQuestion, signal: AbortSignal | undefined): AsyncGenerator<LlamaPiece | LlamaEmbedding, void> {
    const process = this.#process.ready ?? (await this.#process.open());
    signal?.throwIfAborted();
    const line = process.ask(question);
    const run = new StoppableRun({ process, stop: () => process.stop(line), grace: GRACE, kind: "crashed", signal });
    const close = () => {
      run.end();
      process.close(line);
    };
    this.busy++;
    let ended = false;
    try {
      while (!ended) {
        const reply = await line.next();
        ended = reply.type !== "piece";
        if (reply.type === "piece") yield reply.piece;
        else if (reply.type === "done") {
          this.#breaker.succeed();
          yield reply.answer;
        } else throw this.#failure(problemOf(reply), signal);
      }
    } finally {
      this.busy--;
      if (ended) close();
      else {
        run.giveUp();
        void drained(line).then(close);
      }
    }
  }

  #failure(error: Error, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return signal.reason;
    if (error instanceof CortadoError) return error;
    return servingErrors.SERVING_HANDLER_FAILED({ model: this.#options.model, reason: error.message });
  }

  #attempts(): Attempts {
    const { model, memory } = this.#options;
    return new Attempts({ model, attempts: ATTEMPTS, memory });
  }

  /** Whether a question is asked again whose process was lost. @throws what it failed by, where it is not */
  #demandAgain(error: unknown, attempts: Attempts, isLast = false): void {
    if (!(error instanceof HostLost)) throw error;
    attempts.lose(error, isLast || this.#process.closed);
  }
}

const asksChances = (question: LlamaQuestion): boolean =>
  question.type !== "embedding" && question.sampling.logprobs !== undefined;

/** Reads a line to its end, which nobody wants any more. */
async function drained(line: ReplyLine): Promise<void> {
  for (let type = "piece"; type === "piece";)
    type = await line.next().then(
      (reply) => reply.type,
      () => "lost",
    );
}
