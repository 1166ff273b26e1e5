import { migrateTables } from "#app";
import type { App } from "#kernel";
import { checkMigrations, type MigrateOptions, type MigrationEvent, type MigrationResult } from "#orm/migrations";
import { type Command, hasOption, type Invocation, numberOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";

export const migrate: Command = {
  name: "migrate",
  summary: "Bring the database to what the migrations say.",
  usage: "cortado migrate [APP] [MIGRATION | zero] [options]",
  example: "cortado migrate homepage 0001",
  arguments: { minimum: 0, maximum: 2 },
  options: {
    ...databaseOption,
    plan: { type: "boolean", about: "Show what would be done, and do nothing." },
    check: { type: "boolean", about: "Do nothing; exit 1 when there is something to do." },
    fake: { type: "boolean", about: "Record the migrations as applied without running them." },
    "fake-initial": { type: "boolean", about: "Only record an app's first migration where its tables are there." },
    prune: { type: "boolean", about: "Remove the records of migrations whose files are gone." },
    "run-syncdb": { type: "boolean", about: "Make the tables of apps that have no migrations." },
    "lock-timeout": {
      type: "string",
      value: "SECONDS",
      about: "How long to wait for a table in use on PostgreSQL: 10; 0 waits for ever.",
    },
  },
  run: (invocation) =>
    withTables(invocation.directory, async (tables) => {
      const request = requestOf(invocation);
      const result = await migrateTables(tables, { database: textOption(invocation, "database"), ...request });
      if (request.plan) printPlan(result);
      printRest(result);
      if (request.prune && !request.plan && result.pruned.length === 0)
        console.log("Nothing to forget: every record has its file.");
      if ((request.plan || !request.prune) && result.plan.length === 0) await tellOfNothing(tables.settings.apps);
      return hasOption(invocation, "check") && result.plan.length > 0 ? 1 : 0;
    }),
};

/** Whoever runs `migrate` in vain may have forgotten `makemigrations`. */
async function tellOfNothing(apps: readonly App[]): Promise<void> {
  console.log("Nothing to do: every migration is applied.");
  for (const { message, hint } of await checkMigrations(apps)) console.log(`${message}\n  ${hint}`);
}

function requestOf(invocation: Invocation): MigrateOptions {
  const [app, target] = invocation.args;
  return {
    app,
    target,
    plan: hasOption(invocation, "plan") || hasOption(invocation, "check"),
    fake: hasOption(invocation, "fake"),
    fakeInitial: hasOption(invocation, "fake-initial"),
    prune: hasOption(invocation, "prune"),
    runSyncdb: hasOption(invocation, "run-syncdb"),
    lockTimeout: numberOption(migrate, invocation, "lock-timeout"),
    report,
  };
}

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

function printRest({ pruned, synced }: MigrationResult): void {
  for (const key of pruned) console.log(`forgotten  ${key}`);
  for (const table of synced) console.log(`created  ${table}`);
}
