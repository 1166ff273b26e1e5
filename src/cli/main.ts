import { CortadoError, packageVersion } from "#kernel";
import { type Command, helpFor, parseInvocation } from "./command.ts";
import { commandGroups, commands } from "./commands.ts";
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
  const asksForAll = name === "--help" || name === "-h" || (name === "help" && rest.length === 0);
  if (name === undefined || asksForAll) {
    console.log(overview());
    return asksForAll ? 0 : 2;
  }
  if (name === "--version") {
    console.log(packageVersion());
    return 0;
  }
  try {
    const words = name === "help" ? rest : argv;
    const { command, depth } = commandOf(words);
    const given = words.slice(depth);
    if (name === "help" || given.includes("--help") || given.includes("-h")) {
      console.log(helpFor(command));
      return 0;
    }
    return (await command.run(parseInvocation(command, given, directory))) ?? 0;
  } catch (error) {
    printError(error);
    return error instanceof CortadoError && misunderstood.has(error.code) ? 2 : 1;
  }
}

/** The command that these words begin with, `migrate` or `models pull`, and how many words name it. @throws CLI_UNKNOWN_COMMAND */
function commandOf(words: readonly string[]): { command: Command; depth: number } {
  const [name = "", word] = words;
  const first = commands.find((candidate) => candidate.name === name);
  if (!first) {
    const names = commands.flatMap((each) => [each.name, ...(each.subcommands ?? []).map((further) => further.name)]);
    throw cliErrors.CLI_UNKNOWN_COMMAND({ given: name, commands: names });
  }
  const { subcommands } = first;
  if (subcommands === undefined || word === undefined || word.startsWith("-")) return { command: first, depth: 1 };
  const second = subcommands.find((candidate) => candidate.name === `${name} ${word}`);
  if (second) return { command: second, depth: 2 };
  throw cliErrors.CLI_UNKNOWN_COMMAND({ given: `${name} ${word}`, commands: subcommands.map((each) => each.name) });
}

const misunderstood = new Set(["CLI_UNKNOWN_COMMAND", "CLI_UNKNOWN_OPTION", "CLI_BAD_ARGUMENT"]);

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const groups = commandGroups.flatMap(({ title, commands: own }) => [
    "",
    title,
    ...own.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
  ]);
  return ["Usage: npx cortado <command> [arguments]", ...groups, "", "What a command takes: npx cortado help <command>"].join(
    "\n",
  );
}
