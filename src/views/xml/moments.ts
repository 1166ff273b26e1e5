import type { Temporal } from "#validation";

/** When something happened: a moment or a day. */
export type Moment = Date | Temporal.PlainDate | null | undefined;

/** A moment; a day is its beginning in UTC. */
export function momentOf(given: Moment): Date | undefined {
  if (!given) return undefined;
  return given instanceof Date ? given : new Date(`${given}T00:00:00Z`);
}

/** The latest of moments; undefined where one of them is not known, or there is none. */
export function latestOf(moments: readonly (Date | undefined)[]): Date | undefined {
  if (moments.length === 0 || moments.includes(undefined)) return undefined;
  return new Date(moments.reduce((most, moment) => Math.max(most, moment!.getTime()), 0));
}
