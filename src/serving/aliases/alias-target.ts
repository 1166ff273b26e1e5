import { servingErrors } from "../errors.ts";

/** A version that is given a part of an alias's requests, to see how it does. */
export interface Canary {
  version: string;
  /** How many of a hundred requests it answers: 0 to 100. */
  percent: number;
  /** A header whose value decides: requests with the same value in it are answered by the same version. Without it, chance decides. */
  key?: string;
  /** A header by which a request chooses: `always` sends it to the canary, `never` keeps it away. */
  header?: string;
}

/** A version that is asked what an alias is asked, after the answer was given; its answers are compared and thrown away. */
export interface Shadow {
  version: string;
  /** How many of a hundred requests it is asked: 0 to 100. Default 100. */
  percent?: number;
  /** How far numbers may lie apart and still agree: by this, or by such a part of the larger. Default 0.0001. */
  tolerance?: number;
}

/** What an alias names. */
export interface AliasTarget {
  /** The version that answers. */
  version: string;
  canary?: Canary;
  shadow?: Shadow;
}

/** What is kept of an alias. */
export interface AliasRecord extends AliasTarget {
  /** The versions that it named before, the latest last: where a roll back goes. */
  history: readonly string[];
}

/** What an alias is to name: without a version, the one that it names now. What is left out is taken away. */
export interface AliasChange {
  version?: string | undefined;
  canary?: Canary | undefined;
  shadow?: Shadow | undefined;
}

/** How many earlier versions an alias remembers. */
const REMEMBERED = 20;

/** The record of an alias that names `target` from now on. */
export function movedTo(target: AliasTarget, before: AliasRecord | undefined, named: string | undefined): AliasRecord {
  const from = before?.version ?? named;
  const history = before?.history ?? [];
  return { ...target, history: from === undefined || from === target.version ? history : [...history, from].slice(-REMEMBERED) };
}

/** The versions that are named, each once: all must answer before an alias may move to them. */
export function versionsOf({ version, canary, shadow }: AliasChange): string[] {
  const named = [version, canary?.version, shadow?.version].filter((each) => each !== undefined);
  return [...new Set(named)];
}

/** Refuses a canary or shadow that says nothing sensible. @throws SERVING_BAD_INPUT */
export function checkSplit({ canary, shadow }: AliasChange): void {
  if (canary) {
    checkPercent(canary.percent, "canary.percent");
    for (const key of ["key", "header"] as const) checkHeaderName(canary[key], `canary.${key}`);
  }
  if (shadow?.percent !== undefined) checkPercent(shadow.percent, "shadow.percent");
  const { tolerance } = shadow ?? {};
  if (tolerance !== undefined && !(tolerance >= 0 && tolerance <= 1))
    refuse("shadow.tolerance", tolerance, "a number from 0 to 1");
}

function checkPercent(percent: number, where: string): void {
  if (!(percent >= 0 && percent <= 100)) refuse(where, percent, "a number from 0 to 100");
}

function checkHeaderName(name: string | undefined, where: string): void {
  if (name !== undefined && !/^[\w-]{1,64}$/.test(name)) refuse(where, name, "the name of a header");
}

function refuse(where: string, given: unknown, possible: string): never {
  throw servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${JSON.stringify(given)}, and must be ${possible}` });
}
