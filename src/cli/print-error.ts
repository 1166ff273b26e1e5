import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { CortadoError } from "#kernel";
import { ValidationError } from "#validation";

/** Writes an error for a person at a terminal: what, then the hint, then where it is explained. */
export function printError(error: unknown): void {
  if (error instanceof CortadoError) {
    console.error(`${error.code}  ${error.message}`);
    if (error.hint) console.error(`  hint  ${error.hint}`);
    console.error(`  docs  ${docsPath(error)}`);
  } else if (error instanceof ValidationError) {
    for (const message of error.messages) console.error(message);
  } else console.error(error);
}

/** Where the page lies, seen from here: `node_modules/cortado/docs/errors/cli.md#cli_no_project`. */
function docsPath(error: CortadoError): string {
  const [page, anchor] = error.docs.split("#");
  return `${relative(process.cwd(), fileURLToPath(new URL(`../../${page}`, import.meta.url)))}#${anchor}`;
}
