import type { LlamaReply } from "./llama-messages.ts";

/** What a process says about one question, in its order. */
export class ReplyLine {
  readonly id: number;
  readonly #replies: LlamaReply[] = [];
  #failure: Error | undefined;
  #waiting: { resolve(reply: LlamaReply): void; reject(error: Error): void } | undefined;

  constructor(id: number) {
    this.id = id;
  }

  /** The next reply; what came before an end is given first. */
  next(): Promise<LlamaReply> {
    const reply = this.#replies.shift();
    if (reply) return Promise.resolve(reply);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  take(reply: LlamaReply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(reply);
    else this.#replies.push(reply);
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
