import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { CortadoError } from "#kernel";
import { HostLost, type LossCause } from "../../processes/host-lost.ts";
import type { OwnProcess } from "../../processes/own-process.ts";
import { residentBytes } from "../../processes/resident-bytes.ts";
import { nodeFlags, siblingModule } from "../../processes/sibling-module.ts";
import type { LlamaReply, LlamaRequest, LoadedLlama } from "./llama-messages.ts";
import type { LlamaSettings } from "./llama-options.ts";
import { ReplyLine } from "./reply-line.ts";

/** How much of what it printed last is kept, to explain its death. */
const LAST_WORDS = 400;
/** Milliseconds that its last words may take to arrive. */
const WORDS_LIMIT = 200;
/** What could deceive who reads the log on a terminal. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/g;

/** A process that holds one GGUF model, and answers several questions at once. */
export class LlamaProcess implements OwnProcess {
  /** Settles when it is gone. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #lines = new Map<number, ReplyLine>();
  #lastId = 0;
  #lost: HostLost | undefined;
  #killedFor: { reason: string; kind: LossCause } | undefined;
  #lastWords = "";

  constructor(log: (line: string) => void) {
    this.#child = fork(siblingModule(import.meta.url, "llama-worker"), [], {
      execArgv: nodeFlags(import.meta.url),
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#child.on("message", (reply: LlamaReply) => this.#lines.get(reply.id)?.take(reply));
    for (const output of [this.#child.stdout!, this.#child.stderr!])
      createInterface({ input: output }).on("line", (line) => {
        const told = line.replaceAll(CONTROL, "");
        if (told.trim() === "") return;
        this.#lastWords = told.slice(-LAST_WORDS);
        log(told);
      });
    this.gone = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => void this.#onExit(signal ?? `exit code ${code}`).then(resolve));
      this.#child.on("error", (error) => {
        // A process that could not be started never ends.
        if (this.#child.pid === undefined) void this.#onExit(error.message).then(resolve);
        else this.#child.kill("SIGKILL");
      });
    });
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Why it ended, when it has. */
  get lost(): HostLost | undefined {
    return this.#lost;
  }

  /** Bytes of memory that it occupies, where the system tells. */
  get memory(): number | undefined {
    return residentBytes(this.#child.pid);
  }

  /** Has it load its model. @throws HostLost, or what it found */
  async load(settings: LlamaSettings): Promise<LoadedLlama> {
    const line = this.#open(0, { type: "load", settings });
    try {
      const reply = await line.next();
      if (reply.type === "ready") return reply.loaded;
      throw problemOf(reply);
    } finally {
      this.#lines.delete(0);
    }
  }

  /** Asks it something; what it says comes by the line, which is to be closed. */
  ask(question: Extract<LlamaRequest, { type: "ask" }>["question"]): ReplyLine {
    const id = ++this.#lastId;
    return this.#open(id, { type: "ask", id, question });
  }

  /** Asks it to give up what it answers on this line. */
  stop(line: ReplyLine): void {
    this.#send({ type: "stop", id: line.id });
  }

  close(line: ReplyLine): void {
    this.#lines.delete(line.id);
  }

  /** Ends it at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string, kind: LossCause): void {
    this.#killedFor ??= { reason, kind };
    this.#child.kill("SIGKILL");
  }

  #open(id: number, request: LlamaRequest): ReplyLine {
    const line = new ReplyLine(id);
    if (this.#lost) line.fail(this.#lost);
    this.#lines.set(id, line);
    this.#send(request);
    return line;
  }

  #send(request: LlamaRequest): void {
    if (this.#child.connected) this.#child.send(request);
  }

  /** What it printed last may still be on its way. */
  async #onExit(how: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#child.once("close", resolve);
      setTimeout(resolve, WORDS_LIMIT).unref();
    });
    const { reason, kind } = this.#killedFor ?? { reason: how, kind: "crashed" };
    const words = kind === "crashed" ? this.#lastWords.trim().replace(/\.$/, "") : "";
    const told = `the process that holds it ended (${reason})${words ? `; its last words: ${words}` : ""}`;
    this.#lost ??= new HostLost(told, kind);
    for (const line of this.#lines.values()) line.fail(this.#lost);
  }
}

/** What went wrong there, as it went wrong. */
export function problemOf(reply: LlamaReply): Error {
  if (reply.type !== "failed") return new TypeError(`A model's process said "${reply.type}" out of turn.`);
  const { code, message, hint } = reply.problem;
  return code === undefined ? new Error(message) : new CortadoError(code, message, { hint });
}
