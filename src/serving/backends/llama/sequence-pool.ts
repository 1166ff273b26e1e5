import type { LlamaSequence, Token } from "./llama-packages.ts";

/** The contexts in which answers are written. Each keeps what it read last, so that a conversation is not read anew at every turn. */
export class SequencePool {
  readonly #idle: LlamaSequence[];
  readonly #waiting: (() => void)[] = [];

  constructor(sequences: readonly LlamaSequence[]) {
    this.#idle = [...sequences];
  }

  /** Takes the one that has read the most of these tokens already, as soon as one is idle, and gives it back when the work is done. */
  async *use<T, R>(tokens: readonly Token[], work: (sequence: LlamaSequence) => AsyncGenerator<T, R>): AsyncGenerator<T, R> {
    while (this.#idle.length === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const known = this.#idle.map((sequence) => sequence.compareContextTokens(tokens).firstDifferentIndex);
    const [sequence] = this.#idle.splice(known.indexOf(Math.max(...known)), 1) as [LlamaSequence];
    try {
      return yield* work(sequence);
    } catch (error) {
      await sequence.clearHistory();
      throw error;
    } finally {
      this.#idle.push(sequence);
      this.#waiting.shift()?.();
    }
  }
}
