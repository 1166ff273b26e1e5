import { CortadoError, packageVersion } from "#kernel";
import { type Command, helpFor, parseInvocation } from "./command.ts";
import { commands } from "./commands.ts";
import { cliErrors } from "./errors.ts";
import { printError } from "./print-error.ts";

/*
 * How it works. `main` finds the command by its first word, reads the rest against the command's own options, runs it, and
 * turns what it throws into lines on standard error and an exit code. Anything that is not a CortadoError is a defect, and
 * is printed with its stack.
 */

/** Runs one command line and answers the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(argv: readonly string[], directory: string = process.cwd()): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    console.log(overview());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    console.log(packageVersion());
    return 0;
  }
  try {
    const first = commands.find((candidate) => candidate.name === name);
    if (!first) throw cliErrors.CLI_UNKNOWN_COMMAND({ given: name, commands: commands.map((each) => each.name) });
    const second = subcommandOf(first, rest[0]);
    if (second) rest.shift();
    const command = second ?? first;
    if (rest.includes("--help") || rest.includes("-h")) {
      console.log(helpFor(command));
      return 0;
    }
    return (await command.run(parseInvocation(command, rest, directory))) ?? 0;
  } catch (error) {
    printError(error);
    return error instanceof CortadoError && misunderstood.has(error.code) ? 2 : 1;
  }
}

/** The command behind a command: `models pull`. @throws CLI_UNKNOWN_COMMAND */
function subcommandOf({ name, subcommands }: Command, word: string | undefined): Command | undefined {
  if (subcommands === undefined || word === undefined || word.startsWith("-")) return undefined;
  const found = subcommands.find((candidate) => candidate.name === `${name} ${word}`);
  if (found) return found;
  throw cliErrors.CLI_UNKNOWN_COMMAND({ given: `${name} ${word}`, commands: subcommands.map((each) => each.name) });
}

const misunderstood = new Set(["CLI_UNKNOWN_COMMAND", "CLI_UNKNOWN_OPTION", "CLI_BAD_ARGUMENT"]);

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return ["Usage: npx cortado <command> [arguments] [--help]", "", ...rows].join("\n");
}
