import { defineErrors, didYouMean } from "#kernel";

const tokenHint = "A command takes its token from CORTADO_TOKEN; to change models it needs the scope manage.";

/** The errors of the command line, by code. */
export const cliErrors = defineErrors({
  /** The command line names a command that does not exist. */
  CLI_UNKNOWN_COMMAND: (d: { given: string; commands: readonly string[] }) => ({
    message: `There is no command "${d.given}".`,
    hint: nearestCommand(d.given, d.commands) ?? "The command `npx cortado --help` lists them.",
  }),
  /** A command was given an option that it does not have. */
  CLI_UNKNOWN_OPTION: (d: { command: string; given: string; options: readonly string[] }) => ({
    message: `"${d.command}" has no option "${d.given}".${d.options.length > 0 ? ` It has: ${d.options.join(", ")}.` : ""}`,
    hint: didYouMean(d.given, d.options) ?? `Run \`npx cortado ${d.command} --help\`.`,
  }),
  /** A command's arguments are too few, too many or of the wrong kind. */
  CLI_BAD_ARGUMENT: (d: { command: string; problem: string; usage: string }) => ({
    message: `${d.command}: ${d.problem}`,
    hint: `Usage: ${d.usage}`,
  }),
  /** The command needs a project and none was found in this folder or above it. */
  CLI_NO_PROJECT: (d: { directory: string; instead?: string | undefined }) => ({
    message: `No cortado.config.ts in ${d.directory} or a folder above it.`,
    hint: `${d.instead === undefined ? "Run" : `Say where the models are by ${d.instead}, run`} the command inside a project, or make one: npm create cortado@latest mysite`,
  }),
  /** A configuration file does not export a project as its default. */
  CLI_BAD_CONFIG: (d: { file: string; problem: string }) => ({
    message: `${d.file} ${d.problem}.`,
    hint: "It ends with: export default defineProject({ … })",
  }),
  /** Checks found errors, so the command did not start. */
  CLI_CHECKS_FAILED: (d: { errors: number; done: "started" | "written" }) => ({
    message: `The project has ${d.errors} error${d.errors === 1 ? "" : "s"}, so nothing was ${d.done}.`,
    hint: "Mend what is listed above and run the command again.",
  }),
  /** A command asks a question and has no terminal to ask it on. */
  CLI_NO_TERMINAL: (d: { question: string; flag: string }) => ({
    message: `"${d.question}" needs an answer, and there is no terminal to ask on.`,
    hint: `Answer it on the command line: ${d.flag}`,
  }),
  /** A command is to write a file and cannot. */
  CLI_CANNOT_WRITE: (d: { file: string; reason: string; option?: "--to" | undefined }) => ({
    message: `${d.file} ${d.reason}.${d.option ? "" : " Nothing was written."}`,
    hint: d.option
      ? `Name another file with ${d.option}; a run that had begun goes on with --resume.`
      : "Name another file with --output, or leave it out to see the text here.",
  }),
  /** A command needs another program, which is not installed. */
  CLI_MISSING_PROGRAM: (d: { command: string; program: string; install: string }) => ({
    message: `"${d.command}" runs ${d.program}, which is not installed.`,
    hint: `Install it: ${d.install}`,
  }),
  /** A command names a user that does not exist. */
  CLI_UNKNOWN_USER: (d: { given: string }) => ({
    message: `There is no user "${d.given}".`,
    hint: "Make one: npx cortado createsuperuser",
  }),
  /** A command names a running server that does not answer. */
  CLI_SERVER_UNREACHABLE: (d: { url: string; reason: string }) => ({
    message: `There is no answer from ${d.url}: ${d.reason}.`,
    hint: "Does it run, and is this where? For example --url http://127.0.0.1:8080.",
  }),
  /** A running server refused what a command asked of it. */
  CLI_SERVER_REFUSED: (d: { url: string; status: number; message?: string | undefined; hint?: string | undefined }) => ({
    message: `${d.url} answered ${d.status}${d.message ? `: ${d.message.replace(/\.$/, "")}` : ""}.`,
    hint: [d.hint, [401, 403].includes(d.status) ? tokenHint : undefined].filter(Boolean).join(" ") || undefined,
  }),
  /** A model is to be loaded or let go in a process that ends at once. */
  CLI_NEEDS_SERVER: (d: { command: string }) => ({
    message: `"${d.command}" asks a running server, and none is named.`,
    hint: "Name it: --url http://127.0.0.1:8080.",
  }),
});

/** The command that was meant: `models pull` for `pull`, too. */
function nearestCommand(given: string, commands: readonly string[]): string | undefined {
  const whole = commands.find((command) => command.endsWith(` ${given}`));
  return didYouMean(whole ?? given, commands);
}
