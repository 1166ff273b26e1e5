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
    parsed = parseArgs({
      args: withNegatives(argv),
      options: options as ParseArgsOptionsConfig,
      allowPositionals: true,
      strict: true,
    });
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

/** `--idle -5` as `--idle=-5`: a number below zero is a value, and the option says what is wrong with it. */
function withNegatives(argv: readonly string[]): string[] {
  const isValue = (i: number) => /^-\.?\d/.test(argv[i] ?? "") && /^--[^=]+$/.test(argv[i - 1] ?? "");
  return argv.flatMap((word, i) => (isValue(i) ? [] : isValue(i + 1) ? [`${word}=${argv[i + 1]}`] : [word]));
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

/** What a whole number of an option may be, and the option's name. */
export interface WholeNumber {
  name: string;
  /** Default 0. */
  least?: number;
  /** Default: the largest that is exact. */
  most?: number;
}

/** The most seconds that a timer can wait for. */
export const mostSeconds = Math.floor((2 ** 31 - 1) / 1000);

/** A whole number from an option: its name alone where any from 0 may be. @throws CLI_BAD_ARGUMENT */
export function numberOption(command: Command, invocation: Invocation, option: string | WholeNumber): number | undefined {
  const { name, least = 0, most } = typeof option === "string" ? { name: option } : option;
  const possible = `a whole number from ${least}${most === undefined ? "" : ` to ${most}`}`;
  const fits = (value: number) => Number.isSafeInteger(value) && value >= least && value <= (most ?? value);
  return checkedNumber(command, invocation, { name, possibleInstead: (value) => (fits(value) ? undefined : possible) });
}

/** A number of an option, and what it may be instead of one that cannot be meant. */
export interface NumberRule {
  name: string;
  possibleInstead(value: number): string | undefined;
}

/** A number from an option, by a rule. @throws CLI_BAD_ARGUMENT */
export function checkedNumber(command: Command, invocation: Invocation, rule: NumberRule): number | undefined {
  const { name } = rule;
  const text = textOption(invocation, name);
  if (text === undefined) return undefined;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  const possible = rule.possibleInstead(value);
  if (possible === undefined) return value;
  const problem = `--${name} is "${text}", and must be ${possible}`;
  throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem, usage: command.usage });
}

/** A port from an option. @throws CLI_BAD_ARGUMENT */
export function portOption(command: Command, invocation: Invocation, name = "port"): number | undefined {
  return numberOption(command, invocation, { name, most: 65_535 });
}

/** A value of JSON from an option; undefined where it is left out. @throws CLI_BAD_ARGUMENT */
export function jsonOption(command: Command, invocation: Invocation, name: string): unknown {
  const text = textOption(invocation, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem: `--${name} is not JSON`, usage: command.usage });
  }
}

/** A JSON object from an option. @throws CLI_BAD_ARGUMENT */
export function objectOption(command: Command, invocation: Invocation, name: string): Record<string, unknown> | undefined {
  const value = jsonOption(command, invocation, name);
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw cliErrors.CLI_BAD_ARGUMENT({ command: command.name, problem: `--${name} is not a JSON object`, usage: command.usage });
}
