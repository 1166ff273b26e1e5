import { CortadoError } from "#kernel";

/** Writes an error for a person at a terminal: what, then the hint, then where it is explained. */
export function printError(error: unknown): void {
  if (!(error instanceof CortadoError)) {
    console.error(error);
    return;
  }
  console.error(`${error.code}  ${error.message}`);
  if (error.hint) console.error(`  hint  ${error.hint}`);
  console.error(`  docs  ${error.docs}`);
}
