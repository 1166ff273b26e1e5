import { flushProject } from "#app";
import { ask } from "../ask.ts";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const flush: Command = {
  name: "flush",
  summary: "Delete every row of the project's tables. The tables and the record of migrations stay.",
  usage: "cortado flush [--no-input] [--sql] [--database ALIAS]",
  example: "cortado flush --database default",
  options: {
    "no-input": { type: "boolean", about: "Do not ask." },
    sql: { type: "boolean", about: "Show the SQL, and do nothing." },
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: ({ options, directory }) =>
    withTables(directory, async (tables) => {
      const database = (options["database"] as string | undefined) ?? "default";
      const dryRun = options["sql"] === true;
      const isSure = dryRun || options["no-input"] === true || (await isConfirmed(tables.services.databases[database]?.url));
      if (!isSure) return console.log("Nothing was deleted.");
      const statements = await flushProject(tables, { database, dryRun });
      console.log(dryRun ? `${statements.join(";\n")};` : "Every row is deleted.");
    }),
};

async function isConfirmed(url: string | undefined): Promise<boolean> {
  const answer = await ask(`Every row in ${url ?? "the database"} will be deleted for good. Type "yes" to go on:`, {
    flag: "--no-input",
  });
  return answer === "yes";
}
