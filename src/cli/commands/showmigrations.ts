import { showMigrations, showPlan } from "#orm/migrations";
import type { Command } from "../command.ts";
import { requireApp } from "../require-app.ts";
import { withTables } from "../project-here.ts";
import type { OpenTables } from "#app";

export const showmigrations: Command = {
  name: "showmigrations",
  summary: "List the migrations of each app, and which are applied.",
  usage: "cortado showmigrations [APP] [--plan] [--database ALIAS]",
  example: "cortado showmigrations homepage",
  arguments: { minimum: 0, maximum: 1 },
  options: {
    plan: { type: "boolean", about: "All migrations in the order in which they are applied, with what they depend on." },
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async (tables) => {
      if (args[0] !== undefined) requireApp(tables.settings, args[0]);
      const alias = (options["database"] as string | undefined) ?? "default";
      await (options["plan"] === true ? printPlan : printList)(tables, alias, args[0]);
    }),
};

async function printList({ settings, services }: OpenTables, alias: string, only: string | undefined): Promise<void> {
  for (const { app, migrations, missing } of await showMigrations(settings.apps, services.databases[alias]!)) {
    if (only !== undefined && app !== only) continue;
    console.log(app);
    for (const { name, applied } of migrations) console.log(`  [${applied ? "x" : " "}] ${name}`);
    for (const name of missing) console.log(`  [x] ${name}  (its file is gone)`);
    if (migrations.length + missing.length === 0) console.log("  no migrations");
  }
}

async function printPlan({ settings, services }: OpenTables, alias: string, only: string | undefined): Promise<void> {
  for (const { app, key, applied, after } of await showPlan(settings.apps, services.databases[alias]!)) {
    if (only !== undefined && app !== only) continue;
    console.log(`[${applied ? "x" : " "}] ${key}${after.length === 0 ? "" : `  after ${after.join(", ")}`}`);
  }
}
