import { registerProject } from "#app";
import { lintMigrations, type LintNote } from "#orm/migrations";
import type { Command } from "../command.ts";
import { projectHere } from "../project-here.ts";
import { printRisk } from "./makemigrations.ts";

export const lintmigrations: Command = {
  name: "lintmigrations",
  summary: "Say what migrations risk on a database in use; exit 1 where nobody has accepted it.",
  usage: "cortado lintmigrations [APP] [FIRST MIGRATION] [--accepted]",
  example: "cortado lintmigrations homepage 0007",
  arguments: { minimum: 0, maximum: 2 },
  options: { accepted: { type: "boolean", about: "Show also what the migrations accept." } },
  async run({ args, options, directory }) {
    const settings = registerProject(await projectHere(directory));
    const dialect = String(settings.database).startsWith("sqlite:") ? "sqlite" : "postgres";
    const notes = await lintMigrations(settings.apps, { app: args[0], from: args[1], dialect });
    const open = notes.filter((note) => !note.accepted);
    print(options["accepted"] === true ? notes : open);
    console.log(
      open.length === 0
        ? "No risks that are not accepted."
        : `${open.length} risks. Accept one in its migration: accepts: ["${open[0]!.kind}"]`,
    );
    return open.length === 0 ? 0 : 1;
  },
};

function print(notes: readonly LintNote[]): void {
  for (const [migration, own] of Map.groupBy(notes, (note) => note.migration)) {
    console.log(migration);
    for (const [operation, risks] of Map.groupBy(own, (note) => note.operation)) {
      console.log(`  ${operation}`);
      for (const risk of risks) printRisk(risk, console.log);
    }
  }
}
