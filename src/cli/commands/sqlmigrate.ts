import { sqlMigrate } from "#orm/migrations";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const sqlmigrate: Command = {
  name: "sqlmigrate",
  summary: "Show the SQL of a migration.",
  usage: "cortado sqlmigrate APP MIGRATION [--backwards] [--database ALIAS]",
  example: "cortado sqlmigrate homepage 0001",
  arguments: { minimum: 2, maximum: 2 },
  options: {
    backwards: { type: "boolean", about: "The SQL that takes the migration back." },
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async ({ settings, services }) => {
      const request = { app: args[0]!, name: args[1]!, backwards: options["backwards"] === true };
      const alias = (options["database"] as string | undefined) ?? "default";
      for (const statement of await sqlMigrate(settings.apps, services.databases[alias]!, request)) console.log(statement);
    }),
};
