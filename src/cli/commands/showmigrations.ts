import { showMigrations } from "#orm/migrations";
import type { Command } from "../command.ts";
import { requireApp } from "../require-app.ts";
import { withTables } from "../project-here.ts";

export const showmigrations: Command = {
  name: "showmigrations",
  summary: "List the migrations of each app, and which are applied.",
  usage: "cortado showmigrations [APP]",
  example: "cortado showmigrations homepage",
  arguments: { minimum: 0, maximum: 1 },
  run: ({ args, directory }) =>
    withTables(directory, async ({ settings, services }) => {
      if (args[0] !== undefined) requireApp(settings, args[0]);
      for (const { app, migrations, missing } of await showMigrations(settings.apps, services.databases["default"]!)) {
        if (args[0] !== undefined && app !== args[0]) continue;
        console.log(app);
        for (const { name, applied } of migrations) console.log(`  [${applied ? "x" : " "}] ${name}`);
        for (const name of missing) console.log(`  [x] ${name}  (its file is gone)`);
        if (migrations.length + missing.length === 0) console.log("  no migrations");
      }
    }),
};
