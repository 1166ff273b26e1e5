import { CortadoError } from "#kernel";
import { ValidationError } from "#validation";

/** Writes an error for a person at a terminal: what, then the hint, then where it is explained. */
export function printError(error: unknown): void {
  if (error instanceof CortadoError) {
    console.error(`${error.code}  ${error.message}`);
    if (error.hint) console.error(`  hint  ${error.hint}`);
    console.error(`  docs  ${error.docs}`);
  } else if (error instanceof ValidationError) {
    for (const message of error.messages) console.error(message);
  } else console.error(error);
}
