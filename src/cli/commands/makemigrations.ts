import { makeMigrations } from "#orm/migrations";
import type { Command } from "../command.ts";
import { askRename } from "../ask-rename.ts";
import { withDatabase } from "../project-here.ts";

export const makemigrations: Command = {
  name: "makemigrations",
  summary: "Write migrations for what changed in the models.",
  usage: "cortado makemigrations [APP] [--name NAME] [--empty] [--merge] [--check] [--dry-run] [--rename OLD=NEW] [--no-rename] [--default FIELD=VALUE]",
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
    default: { type: "string", multiple: true, value: "FIELD=VALUE", about: "The value for rows that are there: shop.Coffee.size=0." },
  },
  run: ({ args, options, directory }) =>
    withDatabase(directory, async ({ settings }) => {
      const written = await makeMigrations(settings.apps, {
        app: args[0],
        name: options["name"] as string | undefined,
        empty: options["empty"] === true,
        merge: options["merge"] === true,
        check: options["check"] === true,
        dryRun: options["dry-run"] === true,
        ask: askRename(options),
      });
      return report(written, options["check"] === true);
    }),
};

function report(written: readonly { path: string; operations: readonly string[] }[], checking: boolean): number {
  if (written.length === 0) console.log("No changes: the migrations say what the models say.");
  for (const migration of written) {
    console.log(migration.path);
    for (const line of migration.operations) console.log(`  ${line}`);
  }
  return checking && written.length > 0 ? 1 : 0;
}
