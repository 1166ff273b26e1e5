// The page of the commands, made from what `--help` says.
import { type Command, optionNames } from "../src/cli/command.ts";
import { commands } from "../src/cli/commands.ts";

const intro = `# Commands

\`npx cortado <command>\`, in the folder of \`cortado.config.ts\` or below it. Exit codes: 0 it is done, 1 it failed, 2 the command line was not understood. Every command has \`--help\`; this page is made from it by \`npm run docs\`.

\`createsuperuser\` and \`changepassword\` take the password from the variable \`CORTADO_PASSWORD\` where it is set. Where nobody is at the terminal, a command does not wait for an answer: it says what gives it.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

function section({ name, summary, usage, example, options = {} }: Command): string {
  const rows = Object.entries(options).map(
    ([option, config]) => `| \`${cell(optionNames(option, config))}\` | ${cell(config.about)} |`,
  );
  const table = rows.length === 0 ? "" : `\n| option | |\n|---|---|\n${rows.join("\n")}\n`;
  return `## ${name}\n\n${summary}\n\n\`\`\`text\n${usage}\n${example}\n\`\`\`\n${table}`;
}

/** `docs/reference/commands.md`. */
export function commandPage(): string {
  const all = commands.flatMap((command) => [command, ...(command.subcommands ?? [])]);
  const overview = all.map(({ name, summary }) => `| [\`${name}\`](#${name.replaceAll(" ", "-")}) | ${cell(summary)} |`);
  return [intro, `| command | |\n|---|---|\n${overview.join("\n")}\n`, ...all.map(section)].join("\n");
}
