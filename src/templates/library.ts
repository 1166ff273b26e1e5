import type { Parser } from "./parser.ts";
import type { TemplateNode } from "./nodes.ts";
import type { Token } from "./lexer.ts";

/** What a filter may ask of the render it runs in. */
export interface FilterState {
  /** Whether output is escaped where the filter stands. */
  readonly autoescape: boolean;
  /** The zone dates are shown in: `UTC`, `Asia/Seoul`. */
  readonly timeZone: string;
  /** The zone that is active, even inside `{% localtime off %}`. */
  readonly activeTimeZone: string;
  /** The language of words and formats: `en`, `ko`. */
  readonly language: string;
  /** Whether numbers and dates are written as the language writes them: not inside `{% localize off %}`. */
  readonly localizes: boolean;
  readonly now: () => Date;
}

/** A filter's function: the value, the argument after the colon, and the state of the render. */
export type FilterFunction = (value: any, argument: any, state: FilterState) => unknown;

export interface FilterOptions {
  /** A safe value stays safe: the filter adds no `<`, `>`, `&` or quotes. */
  isSafe?: boolean;
  /** The value is turned into text first. */
  text?: boolean;
  /** The filter is given `SafeString`s as they are, not as plain strings. */
  receivesSafe?: boolean;
  /** A moment is given as Temporal's `ZonedDateTime` in the zone of the render. */
  expectsLocaltime?: boolean;
  /** Whether there is an argument after the colon. Default: required when the function has two parameters. */
  argument?: "none" | "optional" | "required";
}

/** A filter with its options, as `filter()` gives it. */
export interface RegisteredFilter extends FilterOptions {
  readonly run: FilterFunction;
  readonly argument: "none" | "optional" | "required";
}

/** Turns a tag's token, and what follows it, into a node. */
export type TagParser = (parser: Parser, token: Token) => TemplateNode;

/** A set of tags and filters, brought in with `{% load name %}`. */
export interface Library {
  readonly tags: Readonly<Record<string, TagParser>>;
  readonly filters: Readonly<Record<string, RegisteredFilter>>;
}

/**
 * Gives a filter its options.
 *
 * ```ts
 * library({ filters: { shout: filter((text: string) => text.toUpperCase(), { text: true, isSafe: true }) } });
 * ```
 */
export function filter(run: FilterFunction, options: FilterOptions = {}): RegisteredFilter {
  return { ...options, run, argument: options.argument ?? (run.length >= 2 ? "required" : "optional") };
}

/**
 * Declares a library of tags and filters. Plain functions are filters without options.
 *
 * ```ts
 * const money = library({
 *   filters: { won: (value: number) => `${value.toLocaleString()}원` },
 *   tags: { greeting: simpleTag((name: string) => `Hello ${name}`) },
 * });
 * ```
 */
export function library(parts: {
  tags?: Record<string, TagParser>;
  filters?: Record<string, RegisteredFilter | FilterFunction>;
}): Library {
  const filters = Object.entries(parts.filters ?? {}).map(([name, given]) => [
    name,
    typeof given === "function" ? filter(given) : given,
  ]);
  return { tags: { ...parts.tags }, filters: Object.fromEntries(filters) };
}
