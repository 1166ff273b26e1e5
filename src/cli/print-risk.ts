import type { LintNote } from "#orm/migrations";

/** A risk, and beneath it what to do instead. */
export function printRisk({ kind, message, safer }: LintNote, tell: (line: string) => void): void {
  tell(`  ! ${kind}: ${message}.`);
  tell(`    ${safer}`);
}
