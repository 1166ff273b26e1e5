import { projectDatabase } from "#app";
import type { Database } from "#orm";
import type { App } from "#kernel";
import { showMigrations, showPlan } from "#orm/migrations";
import { type Command, hasOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";

export const showmigrations: Command = {
  name: "showmigrations",
  summary: "List the migrations of each app, and which are applied.",
  usage: "cortado showmigrations [APP] [--plan] [--database ALIAS]",
  example: "cortado showmigrations homepage",
  arguments: { minimum: 0, maximum: 1 },
  options: {
    plan: { type: "boolean", about: "All migrations in the order in which they are applied, with what they depend on." },
    ...databaseOption,
  },
  run: (invocation) =>
    withTables(invocation.directory, (tables) => {
      const print = hasOption(invocation, "plan") ? printPlan : printList;
      return print(tables.settings.apps, projectDatabase(tables, textOption(invocation, "database")), invocation.args[0]);
    }),
};

const mark = (isApplied: boolean): string => `[${isApplied ? "x" : " "}]`;

async function printList(apps: readonly App[], db: Database, only: string | undefined): Promise<void> {
  for (const { app, migrations, missing } of await showMigrations(apps, db, only)) {
    console.log(app);
    for (const { name, isApplied } of migrations) console.log(`  ${mark(isApplied)} ${name}`);
    for (const name of missing) console.log(`  [x] ${name}  (its file is gone)`);
    if (migrations.length + missing.length === 0) console.log("  no migrations");
  }
}

async function printPlan(apps: readonly App[], db: Database, only: string | undefined): Promise<void> {
  for (const { key, isApplied, after } of await showPlan(apps, db, only)) {
    console.log(`${mark(isApplied)} ${key}${after.length === 0 ? "" : `  after ${after.join(", ")}`}`);
  }
}
