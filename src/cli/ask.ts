import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { cliErrors } from "./errors.ts";

/** Asks a question on the terminal. @throws CLI_NO_TERMINAL naming the flag that answers it */
export async function ask(question: string, options: { flag: string; hidden?: boolean }): Promise<string> {
  if (!process.stdin.isTTY) throw cliErrors.CLI_NO_TERMINAL({ question, flag: options.flag });
  let silent = false;
  const output = new Writable({
    write(chunk, encoding, done) {
      if (!silent) process.stdout.write(chunk, encoding);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = lines.question(`${question} `);
    silent = options.hidden ?? false;
    return (await answer).trim();
  } finally {
    lines.close();
    if (options.hidden) process.stdout.write("\n");
  }
}
