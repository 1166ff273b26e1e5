import { servingErrors } from "../errors.ts";
import type { LimitDefaults } from "../engines/limits.ts";
import type { ResponseCacheOptions, SequenceOptions } from "./handler.ts";

interface Options extends Omit<LimitDefaults, "batch"> {
  batch?: LimitDefaults["batch"] | false;
  idle?: number;
  cache?: ResponseCacheOptions;
  sequence?: SequenceOptions;
}

interface Limit {
  given: (options: Options) => unknown;
  least: number;
  whole: boolean;
}

const count: Omit<Limit, "given"> = { least: 1, whole: true };
const time: Omit<Limit, "given"> = { least: 0, whole: false };

/** The numbers of a handler, and what they may be. */
const limits: Readonly<Record<string, Limit>> = {
  idle: { given: ({ idle }) => idle, least: 0.1, whole: false },
  deadline: { given: ({ deadline }) => deadline, least: 1, whole: false },
  instances: { given: ({ instances }) => instances, ...count },
  "batch.maxSize": { given: ({ batch }) => (batch || {}).maxSize, ...count },
  "batch.maxDelay": { given: ({ batch }) => (batch || {}).maxDelay, ...time },
  "queue.maxSize": { given: ({ queue }) => queue?.maxSize, ...count },
  "queue.levels": { given: ({ queue }) => queue?.levels, ...count },
  "queue.maxWait": { given: ({ queue }) => queue?.maxWait, ...time },
  "cache.maxSize": { given: ({ cache }) => cache?.maxSize, ...count },
  "cache.maxBytes": { given: ({ cache }) => cache?.maxBytes, ...count },
  "cache.seconds": { given: ({ cache }) => cache?.seconds, ...time },
  "sequence.idle": { given: ({ sequence }) => sequence?.idle, least: 1, whole: false },
  "sequence.maxSize": { given: ({ sequence }) => sequence?.maxSize, ...count },
};

/** Makes sure that the numbers of a handler can be meant. @throws SERVING_BAD_HANDLER */
export function demandSound(model: string, options: Options): void {
  for (const { option, problem } of unsoundNumbers(options)) throw servingErrors.SERVING_BAD_HANDLER({ model, option, problem });
}

/** The numbers that cannot be meant, each with what it may be. */
export function* unsoundNumbers(options: Options): Generator<{ option: string; problem: string }> {
  for (const [option, { given, least, whole }] of Object.entries(limits)) {
    const value = given(options);
    if (value === undefined) continue;
    if (typeof value === "number" && value >= least && (!whole || Number.isInteger(value))) continue;
    const wanted = whole ? `a whole number from ${least}` : `a number from ${least}`;
    yield { option, problem: `is ${String(value)}, and must be ${wanted}` };
  }
}
