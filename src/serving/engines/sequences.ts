import { servingErrors } from "../errors.ts";
import type { Handler } from "../handlers/handler.ts";
import type { AskOptions, SequenceStep } from "./engine.ts";
import { withinDeadline } from "./within-deadline.ts";

/** How sequences are kept, where the handler does not say; milliseconds. */
export const sequenceDefaults = { idle: 60_000, maxSize: 1000 };

interface SequencesOptions {
  model: string;
  /** Milliseconds after which a sequence without a step is forgotten. */
  idle: number;
  /** How many may be open. */
  maxSize: number;
  /** How many steps may wait for the ones before them. */
  queueSize: number;
  /** Milliseconds in which a step must be answered. */
  deadline: number;
}

interface OpenSequence {
  memory: Record<string, unknown>;
  /** True when its first step is done. */
  begun: boolean;
  /** Fulfilled when the steps so far are done. */
  last: Promise<unknown>;
  /** Steps that wait or run. */
  pending: number;
  lastUse: number;
}

/** The open sequences of a version: their steps are done in the order they came, one at a time, and share a memory. */
export class Sequences {
  readonly #options: SequencesOptions;
  readonly #open = new Map<string, OpenSequence>();
  /** Those whose last step is not answered yet. */
  readonly #ending = new Map<string, OpenSequence>();
  #pending = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SequencesOptions) {
    this.#options = options;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** When a step of an open sequence was asked for last; undefined where it is not open. */
  lastUse(id: string): number | undefined {
    return this.#open.get(id)?.lastUse;
  }

  /**
   * Does a step when the ones before it are done. A step that fails changes nothing, and can be sent again.
   * @throws SERVING_UNKNOWN_SEQUENCE, SERVING_TOO_MANY_SEQUENCES, SERVING_QUEUE_FULL, SERVING_DEADLINE
   */
  async step<T>(ask: AskOptions, work: (memory: Record<string, unknown>, ask: AskOptions) => Promise<T>): Promise<T> {
    const { model, queueSize } = this.#options;
    const step = ask.sequence!;
    const asked = performance.now();
    if (this.#pending >= queueSize) throw servingErrors.SERVING_QUEUE_FULL({ model, size: this.#pending });
    const sequence = this.#sequenceOf(step);
    sequence.lastUse = performance.now();
    if (step.end) this.#beginEnd(step.id, sequence);
    const turn = sequence.last.then(async () => {
      // The first step may have failed while this one waited.
      if (!step.start && !sequence.begun) throw servingErrors.SERVING_UNKNOWN_SEQUENCE({ model, id: step.id });
      const answer = await work(sequence.memory, this.#leftOf(ask, asked));
      sequence.begun = true;
      return answer;
    });
    sequence.last = turn.catch(() => {});
    sequence.pending++;
    this.#pending++;
    try {
      return await turn;
    } catch (error) {
      this.#undo(step, sequence);
      throw error;
    } finally {
      if (step.end && this.#ending.get(step.id) === sequence) this.#ending.delete(step.id);
      sequence.pending--;
      this.#pending--;
      sequence.lastUse = performance.now();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#open.clear();
  }

  /** The deadline of a step counts from when it was asked for, not from its turn. @throws SERVING_DEADLINE */
  #leftOf(ask: AskOptions, asked: number): AskOptions {
    const { model, deadline } = this.#options;
    const left = withinDeadline(ask, { since: asked, deadline });
    if (left.since + left.deadline > performance.now()) return left;
    throw servingErrors.SERVING_DEADLINE({ model, milliseconds: left.deadline });
  }

  /** No more steps are taken, unless the last one fails. */
  #beginEnd(id: string, sequence: OpenSequence): void {
    this.#open.delete(id);
    this.#ending.set(id, sequence);
  }

  /** After a step that failed: one that has not begun is none, and one whose last step it was is open as before. */
  #undo({ id, end }: SequenceStep, sequence: OpenSequence): void {
    if (!sequence.begun) {
      if (this.#open.get(id) === sequence) this.#open.delete(id);
    } else if (end && !this.#open.has(id)) {
      this.#open.set(id, sequence);
      this.#planSweep();
    }
  }

  #sequenceOf({ id, start }: SequenceStep): OpenSequence {
    const { model, maxSize } = this.#options;
    const known = this.#open.get(id);
    if (known !== undefined && !start) return known;
    if (!start) throw servingErrors.SERVING_UNKNOWN_SEQUENCE({ model, id });
    if (known === undefined && this.#open.size >= maxSize)
      throw servingErrors.SERVING_TOO_MANY_SEQUENCES({ model, size: maxSize });
    // One that begins anew waits for the steps of the old one.
    const last = (known ?? this.#ending.get(id))?.last ?? Promise.resolve();
    const sequence: OpenSequence = { memory: {}, begun: false, last, pending: 0, lastUse: performance.now() };
    this.#open.set(id, sequence);
    this.#planSweep();
    return sequence;
  }

  #planSweep(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#sweep(), Math.max(10, this.#options.idle / 4)).unref();
  }

  #sweep(): void {
    this.#timer = undefined;
    const oldest = performance.now() - this.#options.idle;
    for (const [id, { pending, lastUse }] of this.#open) if (pending === 0 && lastUse < oldest) this.#open.delete(id);
    if (this.#open.size > 0) this.#planSweep();
  }
}

/** The sequences of a handler that has them. */
export function openSequences(
  { name, options }: Handler,
  { queueSize, deadline }: { queueSize: number; deadline: number },
): Sequences {
  const { idle, maxSize } = { ...sequenceDefaults, ...options.sequence };
  return new Sequences({ model: name, idle, maxSize, queueSize, deadline });
}

/** Several items of one request are steps that follow each other: the first may be the start, the last the end. */
export function stepOptions(ask: AskOptions, index: number, count: number): AskOptions {
  const { id, start, end } = ask.sequence!;
  return { ...ask, sequence: { id, start: start && index === 0, end: end && index === count - 1 } };
}
