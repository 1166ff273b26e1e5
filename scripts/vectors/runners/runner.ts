import { NoCounterpart } from "../recorded.ts";

/** Runs a function of ours in place of the one that was recorded, with what that was called with. */
export type Runner = (args: any[], kwargs: Record<string, any>, options: { timeZone: string; language: string }) => unknown;

/** Says that a call has no counterpart here. */
export function refuse(reason: string): never {
  throw new NoCounterpart(reason);
}
