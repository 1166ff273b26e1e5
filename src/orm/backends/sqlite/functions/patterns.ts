import type { DatabaseSync } from "node:sqlite";
import { createContext, Script } from "node:vm";
import { ormErrors } from "../../../errors.ts";
import { define } from "./define.ts";

/** What the patterns that could run away may take in one turn of the event loop, until a query is stopped. */
const limit = 1000;
/** Texts up to this length are safe for a pattern with few repeats. */
const shortText = 5_000;

/** JavaScript's regular expressions. Those that could take forever run under a clock. */
export function definePatterns(connection: DatabaseSync): void {
  define(connection, "regexp", (pattern: string, text: unknown) => Number(matches(pattern, "u", String(text))));
  define(connection, "iregexp", (pattern: string, text: unknown) => Number(matches(pattern, "iu", String(text))));
}

interface Pattern {
  readonly regex: RegExp;
  readonly isRisky: boolean;
}

const patterns = new Map<string, Pattern>();

function matches(pattern: string, flags: string, text: string): boolean {
  const { regex, isRisky } = compiled(pattern, flags);
  return isRisky || text.length > shortText ? matchesInTime(regex, text) : regex.test(text);
}

function compiled(pattern: string, flags: string): Pattern {
  const key = `${flags}/${pattern}`;
  let found = patterns.get(key);
  if (found === undefined) {
    if (patterns.size > 100) patterns.clear();
    patterns.set(key, (found = { regex: new RegExp(pattern, flags), isRisky: isRisky(pattern) }));
  }
  return found;
}

/** Repeats of groups, several open repeats, and references back can take time that grows without measure. */
function isRisky(pattern: string): boolean {
  const plain = pattern.replace(/\\[^\dk]/g, "x").replace(/\[[^\]]*\]/g, "x");
  const repeats = plain.match(/[*+]|\{\d+,\d*\}/g)?.length ?? 0;
  return repeats > 2 || /\)(?:[*+]|\{\d)/.test(plain) || /\\[\dk]/.test(plain) || pattern.length > 500;
}

const script = new Script("regex.test(text)");
let sandbox: { regex: RegExp; text: string } | undefined;
let spent = 0;

/** Runs a pattern that is stopped when the time of this turn is used up. */
function matchesInTime(regex: RegExp, text: string): boolean {
  sandbox ??= createContext({ regex, text }) as { regex: RegExp; text: string };
  Object.assign(sandbox, { regex, text });
  if (spent === 0) setImmediate(() => (spent = 0));
  const started = performance.now();
  let isStopped = false;
  try {
    return script.runInContext(sandbox, { timeout: Math.max(1, Math.ceil(limit - spent)) }) as boolean;
  } catch (error) {
    if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    isStopped = true;
    throw ormErrors.ORM_SLOW_PATTERN({ pattern: regex.source, milliseconds: limit });
  } finally {
    spent = isStopped ? 0 : spent + performance.now() - started;
  }
}
