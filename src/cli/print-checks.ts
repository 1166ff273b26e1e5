import { type CheckMessage, formatCheckMessage } from "#kernel";

/** Prints what checks found, errors first. */
export function printChecks(found: readonly CheckMessage[]): void {
  for (const message of found) console.error(formatCheckMessage(message));
}
