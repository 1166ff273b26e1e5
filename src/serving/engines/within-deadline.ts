import type { AskOptions } from "./engine.ts";

/** A request that is a part of what began before it: its deadline is the sooner of its own and that of the whole. */
export function withinDeadline<T extends AskOptions>(ask: T, whole: { since: number; deadline: number }) {
  const { since = whole.since, deadline = whole.deadline } = ask;
  const isSooner = since + deadline < whole.since + whole.deadline;
  return { ...ask, ...(isSooner ? { since, deadline } : whole) };
}
