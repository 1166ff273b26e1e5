import { projectDatabase } from "#app";
import { sqlMigrate } from "#orm/migrations";
import { type Command, hasOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";

export const sqlmigrate: Command = {
  name: "sqlmigrate",
  summary: "Show the SQL of a migration.",
  usage: "cortado sqlmigrate APP MIGRATION [--backwards] [--database ALIAS]",
  example: "cortado sqlmigrate homepage 0001",
  arguments: { minimum: 2, maximum: 2 },
  options: {
    backwards: { type: "boolean", about: "The SQL that takes the migration back." },
    ...databaseOption,
  },
  run: (invocation) =>
    withTables(invocation.directory, async (tables) => {
      const [app, name] = invocation.args as [string, string];
      const db = projectDatabase(tables, textOption(invocation, "database"));
      const statements = await sqlMigrate(tables.settings.apps, db, { app, name, backwards: hasOption(invocation, "backwards") });
      for (const statement of statements) console.log(statement);
    }),
};
