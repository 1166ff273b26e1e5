import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { cliErrors } from "./errors.ts";

/** An option of a command, as `node:util` parses it, with a sentence for `--help`. */
export type OptionConfig = ParseArgsOptionsConfig[string] & { about: string; value?: string };

/** What a command gets: its arguments, its options, and where it stands. */
export interface Invocation {
  args: readonly string[];
  options: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  directory: string;
}

/** A command of the command line. `run` answers the exit code, or nothing for 0. */
export interface Command {
  name: string;
  summary: string;
  usage: string;
  example: string;
  /** How many arguments it takes. */
  arguments?: { minimum: number; maximum: number };
  options?: Readonly<Record<string, OptionConfig>>;
  /** Commands behind it: `models pull`. Their names are the whole of what is typed. */
  subcommands?: readonly Command[];
  run(invocation: Invocation): Promise<number | void> | number | void;
}

/** How an option is written: `-c, --command CODE`. */
export function optionNames(name: string, { short, type, value = "VALUE" }: OptionConfig): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${type === "string" ? ` ${value}` : ""}`;
}

/** The text of `--help`. */
export function helpFor(command: Command): string {
  const options = Object.entries({ ...command.options, help: { type: "boolean", about: "Show this." } as OptionConfig });
  const names = options.map(([name, option]) => optionNames(name, option));
  const width = Math.max(...names.map((name) => name.length));
  const rows = options.map(([, option], i) => `  ${names[i]!.padEnd(width)}  ${option.about}`);
  const further = (command.subcommands ?? []).flatMap(({ usage, summary }) => ["", `Usage: ${usage}`, `  ${summary}`]);
  return [command.summary, "", `Usage: ${command.usage}`, ...further, "", ...rows, "", `Example: ${command.example}`].join("\n");
}

/** Reads a command's own part of the command line. @throws CLI_UNKNOWN_OPTION, CLI_BAD_ARGUMENT */
export function parseInvocation(command: Command, argv: readonly string[], directory: string): Invocation {
  const options = command.options ?? {};
  const bad = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: options as ParseArgsOptionsConfig, allowPositionals: true, strict: true });
  } catch (error) {
    const written = /'(?:-\w, )?(-[^' ]+)/.exec((error as Error).message)?.[1] ?? "";
    const long = Object.keys(options).find((name) => written === `-${options[name]!.short}`);
    const given = long === undefined ? written : `--${long}`;
    const names = Object.keys(options).map((name) => `--${name}`);
    if (!names.includes(given)) throw cliErrors.CLI_UNKNOWN_OPTION({ command: command.name, given, options: names });
    const option = options[given.slice(2)];
    throw bad(option?.type === "boolean" ? `${given} takes no value` : `${given} needs ${option?.value ?? "a value"}`);
  }
  const { minimum, maximum } = command.arguments ?? { minimum: 0, maximum: 0 };
  const n = parsed.positionals.length;
  if (n < minimum)
    throw bad(`it needs ${minimum === maximum ? "" : "at least "}${minimum === 1 ? "one argument" : `${minimum} arguments`}`);
  if (n > maximum) throw bad(`it does not understand "${parsed.positionals[maximum]}"`);
  return { args: parsed.positionals, options: parsed.values, directory };
}

/** The value of an option. */
export function textOption({ options }: Invocation, name: string): string | undefined {
  return options[name] as string | undefined;
}

/** Whether an option without a value is there. */
export function hasOption({ options }: Invocation, name: string): boolean {
  return options[name] === true;
}

/** The values of an option that may be repeated. */
export function listOption({ options }: Invocation, name: string): string[] {
  return ((options[name] ?? []) as string[]).flat();
}

/** A whole number from an option. @throws CLI_BAD_ARGUMENT */
export function numberOption(command: Command, invocation: Invocation, name: string): number | undefined {
  const text = invocation.options[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw cliErrors.CLI_BAD_ARGUMENT({
    command: command.name,
    problem: `--${name} is "${text}", and must be a whole number`,
    usage: command.usage,
  });
}

/** A port from an option. @throws CLI_BAD_ARGUMENT */
export function portOption(command: Command, invocation: Invocation, name = "port"): number | undefined {
  const port = numberOption(command, invocation, name);
  if (port === undefined || port <= 65_535) return port;
  throw cliErrors.CLI_BAD_ARGUMENT({
    command: command.name,
    problem: `--${name} is ${port}, and a port is at most 65535`,
    usage: command.usage,
  });
}

/** A JSON object from an option. @throws CLI_BAD_ARGUMENT */
export function jsonOption(command: Command, invocation: Invocation, name: string): Record<string, unknown> | undefined {
  const text = invocation.options[name];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(String(text));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below, with what is allowed.
  }
  throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem: `--${name} is not a JSON object`, usage: command.usage });
}
