import { relative } from "node:path";
import { registerProject } from "#app";
import type { ProjectSettings } from "#kernel";
import { checkModels } from "#orm";
import { makeMigrations, type MakeMigrationsOptions, type WrittenMigration } from "#orm/migrations";
import { answerOnTerminal } from "../answer-on-terminal.ts";
import { type Command, hasOption, type Invocation, listOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { printChecks } from "../print-checks.ts";
import { printRisk } from "../print-risk.ts";
import { projectHere, withTables } from "../project-here.ts";

export const makemigrations: Command = {
  name: "makemigrations",
  summary: "Write migrations for what changed in the models.",
  usage: "cortado makemigrations [APP] [options]",
  example: "cortado makemigrations homepage",
  arguments: { minimum: 0, maximum: 1 },
  options: {
    name: { type: "string", value: "NAME", about: "The migration's name, instead of one made from what it does." },
    empty: { type: "boolean", about: "Write a migration without operations, for a data migration." },
    merge: { type: "boolean", about: "Join two branches of migrations." },
    rebase: { type: "string", value: "MIGRATION", about: "Let the branch that ends in this migration follow the other one." },
    update: { type: "boolean", about: "Write the changes into the app's last migration." },
    check: { type: "boolean", about: "Write nothing; exit 1 when something would be written." },
    "dry-run": { type: "boolean", about: "Write nothing; show what would be written." },
    scriptable: { type: "boolean", about: "Only the paths on standard output; the rest goes to standard error." },
    rename: { type: "string", multiple: true, value: "OLD=NEW", about: "Answer a rename: shop.Coffee.name=title." },
    "no-rename": { type: "boolean", about: "Answer every question about a rename with no." },
    default: {
      type: "string",
      multiple: true,
      value: "FIELD=VALUE",
      about: "The value for rows that are there: shop.Coffee.size=0.",
    },
  },
  async run(invocation) {
    const { directory } = invocation;
    const written = await made(directory, requestOf(invocation));
    const scriptable = hasOption(invocation, "scriptable");
    print(written, { directory, withSource: hasOption(invocation, "dry-run"), scriptable });
    return hasOption(invocation, "check") && written.length > 0 ? 1 : 0;
  },
};

function requestOf(invocation: Invocation): MakeMigrationsOptions {
  return {
    app: invocation.args[0],
    name: textOption(invocation, "name"),
    empty: hasOption(invocation, "empty"),
    merge: hasOption(invocation, "merge"),
    rebase: textOption(invocation, "rebase"),
    update: hasOption(invocation, "update"),
    check: hasOption(invocation, "check"),
    dryRun: hasOption(invocation, "dry-run"),
    rename: hasOption(invocation, "no-rename") ? false : listOption(invocation, "rename"),
    defaults: listOption(invocation, "default"),
    ask: answerOnTerminal,
  };
}

/** Only an update looks at the database: what it has must not change. */
async function made(directory: string, request: MakeMigrationsOptions): Promise<WrittenMigration[]> {
  if (!request.update) return makeMigrations(await soundApps(registerProject(await projectHere(directory))), request);
  return withTables(directory, async ({ settings, services }) =>
    makeMigrations(await soundApps(settings), { ...request, db: services.databases["default"] }),
  );
}

/** The apps, whose models must be right before migrations are made of them. @throws CLI_CHECKS_FAILED */
async function soundApps(settings: ProjectSettings): Promise<ProjectSettings["apps"]> {
  const wrong = (await checkModels(settings)).filter(({ level }) => level === "error");
  printChecks(wrong);
  if (wrong.length > 0) throw cliErrors.CLI_CHECKS_FAILED({ errors: wrong.length, done: "written" });
  return settings.apps;
}

interface Printing {
  directory: string;
  withSource: boolean;
  scriptable: boolean;
}

function print(written: readonly WrittenMigration[], { directory, withSource, scriptable }: Printing): void {
  const tell = scriptable ? console.error : console.log;
  if (written.length === 0) tell("No changes: the migrations say what the models say.");
  for (const migration of written) {
    console.log(relative(directory, migration.path));
    for (const operation of migration.operations) tell(`  ${operation}`);
    for (const risk of migration.risks) printRisk(risk, tell);
    if (withSource) console.log(`\n${migration.source}`);
  }
}
