import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import { signalOf } from "../queue/queue-watch.ts";
import type { AskOptions } from "./engine.ts";
import { parsePiece } from "./item-schemas.ts";
import type { ItemRunner } from "./runtime.ts";

interface Stream {
  handler: Handler;
  runner: ItemRunner;
  item: unknown;
  ask: AskOptions;
  /** Milliseconds for each piece. */
  deadline: number;
}

/**
 * The pieces that a runner gives, checked. It ends with an error when a piece takes longer than the deadline or the caller's
 * signal is aborted; the runner's own signal is aborted when the reader stops, for whatever reason.
 * @throws SERVING_DEADLINE
 */
export async function* piecesOf({ handler, runner, item, ask, deadline }: Stream): AsyncGenerator<unknown> {
  const controller = new AbortController();
  const { requestId, trace } = ask;
  const pieces = runner.stream!(item, { signal: controller.signal, requestId, trace })[Symbol.asyncIterator]();
  const nextPiece = trace ? () => trace.within(() => pieces.next()) : () => pieces.next();
  const limit = new PieceLimit(handler.name, { ...ask, deadline: Math.min(deadline, ask.deadline ?? deadline) });
  try {
    while (true) {
      const next = await limit.hold(nextPiece);
      if (next.done) return;
      yield await parsePiece(handler, next.value);
    }
  } finally {
    limit.end();
    controller.abort();
    // A generator that hangs would never say that it has ended.
    pieces.return?.().then(
      () => {},
      () => {},
    );
  }
}

/** One timer and one listener for all the pieces of a stream. While the reader is not asking, no time passes. */
class PieceLimit {
  readonly #signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  #refuse: ((reason: unknown) => void) | undefined;
  readonly #onAbort = (): void => this.#refuse?.(this.#signal!.reason);

  constructor(model: string, ask: AskOptions & { deadline: number }) {
    const milliseconds = ask.deadline;
    this.#timer = setTimeout(() => this.#refuse?.(servingErrors.SERVING_DEADLINE({ model, milliseconds })), milliseconds);
    this.#signal = signalOf(ask);
    this.#signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Asks for a piece and gives it, or refuses; the time begins anew. */
  async hold<T>(next: () => Promise<T>): Promise<T> {
    this.#signal?.throwIfAborted();
    this.#timer.refresh();
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#refuse = reject;
        next().then(resolve, reject);
      });
    } finally {
      this.#refuse = undefined;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }
}
