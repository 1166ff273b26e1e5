import { relative } from "node:path";
import { registerProject } from "#app";
import { makeMigrations, type WrittenMigration } from "#orm/migrations";
import { answerOnTerminal } from "../answer-on-terminal.ts";
import type { Command } from "../command.ts";
import { projectHere } from "../project-here.ts";

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
    check: { type: "boolean", about: "Write nothing; exit 1 when something would be written." },
    "dry-run": { type: "boolean", about: "Write nothing; show what would be written." },
    rename: { type: "string", multiple: true, value: "OLD=NEW", about: "Answer a rename: shop.Coffee.name=title." },
    "no-rename": { type: "boolean", about: "Answer every question about a rename with no." },
    default: {
      type: "string",
      multiple: true,
      value: "FIELD=VALUE",
      about: "The value for rows that are there: shop.Coffee.size=0.",
    },
  },
  async run({ args, options, directory }) {
    const { apps } = registerProject(await projectHere(directory));
    const check = options["check"] === true;
    const dryRun = options["dry-run"] === true;
    const written = await makeMigrations(apps, {
      app: args[0],
      name: options["name"] as string | undefined,
      empty: options["empty"] === true,
      merge: options["merge"] === true,
      check,
      dryRun,
      rename: options["no-rename"] === true ? false : (options["rename"] as string[] | undefined),
      defaults: options["default"] as string[] | undefined,
      ask: answerOnTerminal,
    });
    print(written, { directory, withSource: dryRun });
    return check && written.length > 0 ? 1 : 0;
  },
};

function print(
  written: readonly WrittenMigration[],
  { directory, withSource }: { directory: string; withSource: boolean },
): void {
  if (written.length === 0) console.log("No changes: the migrations say what the models say.");
  for (const migration of written) {
    console.log(relative(directory, migration.path));
    for (const operation of migration.operations) console.log(`  ${operation}`);
    for (const risk of migration.risks) console.log(`  ! ${risk.message}`);
    if (withSource) console.log(`\n${migration.source}`);
  }
}
