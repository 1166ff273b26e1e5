import { declaredDatabases, registerProject } from "#app";
import { lintMigrations, type LintNote } from "#orm/migrations";
import { type Command, hasOption } from "../command.ts";
import { printRisk } from "../print-risk.ts";
import { projectHere } from "../project-here.ts";

export const lintmigrations: Command = {
  name: "lintmigrations",
  summary: "Say what migrations risk on a database in use; exit 1 where nobody has accepted it.",
  usage: "cortado lintmigrations [APP] [FIRST MIGRATION] [--accepted]",
  example: "cortado lintmigrations homepage 0007",
  arguments: { minimum: 0, maximum: 2 },
  options: { accepted: { type: "boolean", about: "Show also what the migrations accept." } },
  async run(invocation) {
    const { args, directory } = invocation;
    const settings = registerProject(await projectHere(directory));
    const dialect = declaredDatabases(settings)["default"]!.url.startsWith("sqlite:") ? "sqlite" : "postgres";
    const notes = await lintMigrations(settings.apps, { app: args[0], from: args[1], dialect });
    const open = notes.filter((note) => !note.accepted);
    print(hasOption(invocation, "accepted") ? notes : open);
    console.log(summaryOf(open));
    return open.length === 0 ? 0 : 1;
  },
};

function summaryOf([first, ...others]: readonly LintNote[]): string {
  if (first === undefined) return "No risks that are not accepted.";
  const count = others.length === 0 ? "One risk" : `${others.length + 1} risks`;
  return `${count}. Accept one in its migration: accepts: ["${first.kind}"]`;
}

function print(notes: readonly LintNote[]): void {
  for (const [migration, own] of Map.groupBy(notes, (note) => note.migration)) {
    console.log(migration);
    for (const [operation, risks] of Map.groupBy(own, (note) => note.operation)) {
      console.log(`  ${operation}`);
      for (const risk of risks) printRisk(risk, console.log);
    }
  }
}
