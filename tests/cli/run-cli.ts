import { format } from "node:util";
import { main } from "#cli";

/** What a command line printed, and its exit code. */
export interface CliResult {
  code: number;
  out: string;
  err: string;
}

/** Runs one command line in this process. */
export async function runCli(argv: readonly string[], directory: string): Promise<CliResult> {
  const printed = { out: "", err: "" };
  const { log, error } = console;
  console.log = (...args) => void (printed.out += `${format(...args)}\n`);
  console.error = (...args) => void (printed.err += `${format(...args)}\n`);
  try {
    return { code: await main(argv, directory), ...printed };
  } finally {
    Object.assign(console, { log, error });
  }
}
