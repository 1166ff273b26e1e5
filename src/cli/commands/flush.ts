import { flushProject, projectDatabase } from "#app";
import { ask } from "../ask.ts";
import { type Command, hasOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";

export const flush: Command = {
  name: "flush",
  summary: "Delete every row of the project's tables. The tables and the record of migrations stay.",
  usage: "cortado flush [--no-input] [--sql] [--database ALIAS]",
  example: "cortado flush --database default",
  options: {
    "no-input": { type: "boolean", about: "Do not ask." },
    sql: { type: "boolean", about: "Show the SQL, and do nothing." },
    ...databaseOption,
  },
  run: (invocation) =>
    withTables(invocation.directory, async (tables) => {
      const database = textOption(invocation, "database");
      const { url } = projectDatabase(tables, database);
      const dryRun = hasOption(invocation, "sql");
      const isSure = dryRun || hasOption(invocation, "no-input") || (await isConfirmed(url));
      if (!isSure) return console.log("Nothing was deleted.");
      const statements = await flushProject(tables, { database, dryRun });
      console.log(dryRun ? `${statements.join(";\n")};` : "Every row is deleted.");
    }),
};

async function isConfirmed(url: string): Promise<boolean> {
  const question = `Every row in ${url} will be deleted for good. Type "yes" to go on:`;
  return (await ask(question, { flag: "--no-input" })) === "yes";
}
