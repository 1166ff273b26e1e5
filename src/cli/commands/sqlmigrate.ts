import { sqlMigrate } from "#orm/migrations";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const sqlmigrate: Command = {
  name: "sqlmigrate",
  summary: "Show the SQL of a migration.",
  usage: "cortado sqlmigrate APP MIGRATION [--backwards]",
  example: "cortado sqlmigrate homepage 0001",
  arguments: { minimum: 2, maximum: 2 },
  options: { backwards: { type: "boolean", about: "The SQL that takes the migration back." } },
  run: ({ args, options, directory }) =>
    withTables(directory, async ({ settings, services }) => {
      const request = { app: args[0]!, name: args[1]!, backwards: options["backwards"] === true };
      for (const statement of await sqlMigrate(settings.apps, services.databases["default"]!, request)) console.log(statement);
    }),
};
