import { Worker } from "node:worker_threads";
import { errorFrom, type HostProblem } from "./host-problem.ts";
import type { HostLine, LoadTask, ThreadReply, ThreadRequest } from "./messages.ts";
import { siblingModule } from "../processes/sibling-module.ts";

interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}

/** The threads of this host, by what they hold. */
const threads = new Map<string, HostThread>();

/** Opens a line to a model, which is loaded where no thread holds it yet. */
export function openLine({ hosted, key, address, spill }: LoadTask): Promise<void> {
  let thread = threads.get(key);
  if (thread === undefined) {
    thread = new HostThread(key, new Worker(siblingModule(import.meta.url, "host-worker"), { workerData: hosted }));
    threads.set(key, thread);
  }
  return thread.open({ address, spill });
}

/** A thread that holds a model for everyone who has a line to it, and ends with the last of them. */
class HostThread {
  readonly #key: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(key: string, worker: Worker) {
    this.#key = key;
    this.#worker = worker;
    worker.on("message", (reply: ThreadReply) => this.#onReply(reply));
    // One that breaks takes the host with it, and the owner starts another.
    worker.once("error", (error) => {
      console.error(error);
      process.exit(1);
    });
    // A thread that ends has been told to, unless a model's own code ended it while somebody waits.
    worker.once("exit", () => this.#waiting.size > 0 && process.exit(1));
  }

  open(line: HostLine): Promise<void> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#tell({ id, ...line });
    });
  }

  #tell(request: ThreadRequest): void {
    this.#worker.postMessage(request);
  }

  #onReply(reply: ThreadReply): void {
    if (reply === "idle") return this.#onIdle();
    if ("problem" in reply) return this.#onProblem(reply);
    this.#waiting.get(reply.id)?.resolve();
    this.#waiting.delete(reply.id);
  }

  /** Whoever asks from now on gets a thread of his own; a line that was asked for meanwhile keeps this one. */
  #onIdle(): void {
    if (this.#waiting.size > 0) return;
    this.#forget();
    this.#tell("end");
  }

  #onProblem(problem: HostProblem): void {
    this.#forget();
    for (const { reject } of this.#waiting.values()) reject(errorFrom(problem));
    this.#waiting.clear();
  }

  #forget(): void {
    if (threads.get(this.#key) === this) threads.delete(this.#key);
  }
}
