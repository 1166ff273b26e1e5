/** Seconds that a value is kept: fractions too. Null keeps it without end, 0 or less keeps it not at all. */
export type Timeout = number | null;

/** Makes the key under which a backend keeps a value. */
export type KeyFunction = (key: string, prefix: string, version: number) => string;

/** How a cache names and keeps its values. */
export interface CacheOptions {
  /** Stands before every key: for caches that share a server. */
  prefix?: string | undefined;
  /** Of the keys: 1. A value that was set under one version is not found under another. */
  version?: number | undefined;
  /** Seconds that a value is kept where nothing else is said: 300; null for no end. */
  timeout?: Timeout | undefined;
  keyFunction?: KeyFunction | undefined;
  /** Seconds after which another process makes a value that one has begun to make and has not finished: 30. */
  makingTimeout?: number | undefined;
}

/** Which version of a key is meant. */
export interface VersionOption {
  version?: number | undefined;
}

/** How long a value is kept, and under which version. */
export interface SetOptions extends VersionOption {
  timeout?: Timeout | undefined;
}

/** How a number is added to. */
export interface IncrementOptions extends SetOptions {
  /** Where there is no number yet, this is the one that is added to; without it there must be one. */
  initial?: number | undefined;
}

/** How a value is kept that is made where it is missing. */
export interface GetOrSetOptions extends SetOptions {
  /** Seconds before its end in which a value is made anew, by one caller, while the others are given the present one: a tenth of the time-out, at most 60. */
  refreshAhead?: number | undefined;
}

/** How often a cache was asked, and what came of it, since the process began. */
export interface CacheCounts {
  hits: number;
  misses: number;
  /** Values that `getOrSet` had to make. */
  made: number;
  /** Callers of `getOrSet` that were given what another one made. */
  shared: number;
}

/** `prefix:version:key`. */
export const defaultKey: KeyFunction = (key, prefix, version) => `${prefix}:${version}:${key}`;
