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
  most?: number;
  whole?: boolean;
}

type Range = Omit<Limit, "given">;

/** In milliseconds: what timers can wait for. */
const LONGEST = 2 ** 31 - 1;
const count: Range = { least: 1, whole: true };
const wait: Range = { least: 0, most: LONGEST };
const allowance: Range = { least: 1, most: LONGEST };

/** The numbers that say how models are run, and what they may be: of a handler, a server, a project's settings and the command line. */
const limits = {
  idle: { given: ({ idle }) => idle, least: 0.1 },
  deadline: { given: ({ deadline }) => deadline, ...allowance },
  instances: { given: ({ instances }) => instances, ...count },
  "batch.maxSize": { given: ({ batch }) => (batch || {}).maxSize, ...count },
  "batch.maxDelay": { given: ({ batch }) => (batch || {}).maxDelay, ...wait },
  "queue.maxSize": { given: ({ queue }) => queue?.maxSize, ...count },
  "queue.levels": { given: ({ queue }) => queue?.levels, ...count },
  "queue.maxWait": { given: ({ queue }) => queue?.maxWait, ...wait },
  "cache.maxSize": { given: ({ cache }) => cache?.maxSize, ...count },
  "cache.maxBytes": { given: ({ cache }) => cache?.maxBytes, ...count },
  "cache.seconds": { given: ({ cache }) => cache?.seconds, least: 0 },
  "sequence.idle": { given: ({ sequence }) => sequence?.idle, ...allowance },
  "sequence.maxSize": { given: ({ sequence }) => sequence?.maxSize, ...count },
} satisfies Readonly<Record<string, Limit>>;

/** A number that says how models are run. */
export type LimitName = keyof typeof limits;

/** Makes sure that the numbers of a handler can be meant. @throws SERVING_BAD_HANDLER */
export function demandSound(model: string, options: Options): void {
  for (const { option, problem } of unsoundNumbers(options)) throw servingErrors.SERVING_BAD_HANDLER({ model, option, problem });
}

/** The numbers that cannot be meant, each with what it may be. */
export function* unsoundNumbers(options: Options): Generator<{ option: string; problem: string }> {
  for (const option of Object.keys(limits) as LimitName[]) {
    const value = limits[option].given(options);
    const possible = value === undefined ? undefined : possibleInstead(option, value);
    if (possible !== undefined) yield { option, problem: `is ${String(value)}, and must be ${possible}` };
  }
}

/** What a number may be instead, where it is not one that can be meant: `"a whole number from 1"`. */
export function possibleInstead(name: LimitName, value: unknown): string | undefined {
  const { least, most, whole = false }: Limit = limits[name];
  const isMeant = (number: number) => number >= least && number <= (most ?? number) && (!whole || Number.isInteger(number));
  if (typeof value === "number" && isMeant(value)) return undefined;
  return `a ${whole ? "whole " : ""}number from ${least}${most === undefined ? "" : ` to ${most}`}`;
}
