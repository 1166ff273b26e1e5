import { defineErrors, didYouMean } from "#kernel";

const listed = (names: readonly string[]): string => names.join(", ") || "none";

/** The errors of caches, by code. */
export const cacheErrors = defineErrors({
  /** A value cannot be kept: it is a function, a symbol, an object of a class, or refers to itself. */
  CACHE_BAD_VALUE: (d: { key: string; path: string; problem: string }) => ({
    message: `The value for "${d.key}" cannot be kept: ${d.path} ${d.problem}.`,
    hint: "Keep plain data: texts, numbers, lists, objects, Date, Map, Set, bytes. Of rows keep what values() gives.",
  }),
  /** What a backend returned was not written by a cache, or by a newer one. */
  CACHE_UNREADABLE: (d: { start: string }) => ({
    message: `A kept value cannot be read. It begins with ${JSON.stringify(d.start)}.`,
    hint: "Something else writes under the same keys. Give the cache a prefix of its own.",
  }),
  /** A key is not a text. */
  CACHE_BAD_KEY: (d: { given: string }) => ({
    message: `The key of a cached value is ${d.given}. It must be a text.`,
    hint: "Make a text of it: `coffee:${id}`.",
  }),
  /** A number is to be changed under a key that holds none. */
  CACHE_NO_NUMBER: (d: { key: string; held: string }) => ({
    message: `The cache holds ${d.held} under "${d.key}", so it cannot be incremented.`,
    hint: "Set a whole number first, or say where to begin: increment(key, 1, { initial: 0 }).",
  }),
  /** A value is asked for by what makes it. */
  CACHE_MAKES_ITSELF: (d: { key: string }) => ({
    message: `What makes the value under "${d.key}" asks for it.`,
    hint: "Give what is inside another key.",
  }),
  /** A value is to be moved to another version, and there is none. */
  CACHE_NO_KEY: (d: { key: string; version: number }) => ({
    message: `The cache holds nothing under "${d.key}" in version ${d.version}.`,
    hint: "It was never set, or is over.",
  }),
  /** A time-out is neither a number of seconds nor null. */
  CACHE_BAD_TIMEOUT: (d: { given: string }) => ({
    message: `The time-out ${d.given} is no number of seconds.`,
    hint: "Give seconds, or null for a value that is never over.",
  }),
  /** A number is to be changed by something that is no whole number. */
  CACHE_BAD_STEP: (d: { given: string }) => ({
    message: `${d.given} cannot be added to a kept number: it is no whole number.`,
    hint: "Keep smaller units: cents for euros, milliseconds for seconds.",
  }),
  /** The server of a cache does not answer. */
  CACHE_UNREACHABLE: (d: { url: string; cause?: unknown }) => ({
    message: `The cache at ${d.url} cannot be reached.`,
    hint: "See that the server runs and takes connections from here. A lost connection is made again by itself.",
    cause: d.cause,
  }),
  /** A cache is asked for that the project does not have. */
  CACHE_UNKNOWN_ALIAS: (d: { alias: string; known: readonly string[] }) => ({
    message: `There is no cache "${d.alias}". Open: ${listed(d.known)}.`,
    hint: didYouMean(d.alias, d.known) ?? `Add it to the setting caches: { ${d.alias}: "memory:" }.`,
  }),
  /** The address of a cache begins with something that no backend has. */
  CACHE_UNKNOWN_BACKEND: (d: { url: string; known: readonly string[] }) => ({
    message: `The cache "${d.url}" cannot be opened. Its address must be or begin with: ${listed(d.known)}.`,
    hint: didYouMean(`${d.url.split(":")[0]!}:`, d.known) ?? 'Keep values in this process: caches: { default: "memory:" }.',
  }),
});
