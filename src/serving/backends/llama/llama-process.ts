import { fork } from "node:child_process";
import { CortadoError } from "#kernel";
import { OwnChild } from "../../processes/own-child.ts";
import { nodeFlags, siblingModule } from "../../processes/sibling-module.ts";
import type { LlamaReply, LlamaRequest, LoadedLlama } from "./llama-messages.ts";
import type { LlamaSettings } from "./llama-options.ts";
import { ReplyLine } from "./reply-line.ts";

/** A process that holds one GGUF model, and answers several questions at once. */
export class LlamaProcess extends OwnChild {
  readonly #lines = new Map<number, ReplyLine>();
  #lastId = 0;

  constructor(log: (line: string) => void) {
    const child = fork(siblingModule(import.meta.url, "llama-worker"), [], {
      execArgv: nodeFlags(import.meta.url),
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    super({ child, called: "the process that holds it", log });
    child.on("message", (reply: LlamaReply) => this.#lines.get(reply.id)?.take(reply));
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

  protected override onLost(lost: Error): void {
    for (const line of this.#lines.values()) line.fail(lost);
  }

  #open(id: number, request: LlamaRequest): ReplyLine {
    const line = new ReplyLine(id);
    if (this.lost) line.fail(this.lost);
    this.#lines.set(id, line);
    this.#send(request);
    return line;
  }

  #send(request: LlamaRequest): void {
    if (this.child.connected) this.child.send(request);
  }
}

/** What went wrong there, as it went wrong. */
export function problemOf(reply: LlamaReply): Error {
  if (reply.type !== "failed") return new TypeError(`A model's process said "${reply.type}" out of turn.`);
  const { code, message, hint } = reply.problem;
  return code === undefined ? new Error(message) : new CortadoError(code, message, { hint });
}
