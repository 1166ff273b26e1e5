import { migrateTables } from "#app";
import type { MigrationEvent, MigrationResult } from "#orm/migrations";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const migrate: Command = {
  name: "migrate",
  summary: "Bring the database to what the migrations say.",
  usage: "cortado migrate [APP] [MIGRATION] [--database ALIAS] [--plan] [--fake]",
  example: "cortado migrate homepage 0001",
  arguments: { minimum: 0, maximum: 2 },
  options: {
    database: { type: "string", about: "Which database, by its alias; default when left out." },
    plan: { type: "boolean", about: "Show what would be done, and do nothing." },
    fake: { type: "boolean", about: "Record the migrations as applied without running them." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async (tables) => {
      const plan = options["plan"] === true;
      const database = options["database"] as string | undefined;
      const fake = options["fake"] === true;
      const result = await migrateTables(tables, { database, app: args[0], target: args[1], plan, fake, report });
      if (plan) printPlan(result);
      if (result.plan.length === 0) console.log("Nothing to do: every migration is applied.");
    }),
};

function report({ state, direction, app, name, faked, seconds }: MigrationEvent): void {
  if (state === "started") return;
  const verb = direction === "forward" ? "applied" : "unapplied";
  if (state === "skipped") return console.log(`${verb} meanwhile by another process  ${app}.${name}`);
  console.log(`${faked ? `${verb} (only recorded)` : verb}  ${app}.${name}  ${seconds.toFixed(2)} s`);
}

function printPlan({ plan }: MigrationResult): void {
  for (const { app, name, direction, operations } of plan) {
    console.log(`${direction}  ${app}.${name}`);
    for (const operation of operations) console.log(`  ${operation}`);
  }
}
