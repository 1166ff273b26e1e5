import { migrateTables } from "#app";
import type { MigrateOptions, MigrationEvent, MigrationResult } from "#orm/migrations";
import { type Command, type Invocation, numberOption } from "../command.ts";
import { withTables } from "../project-here.ts";

export const migrate: Command = {
  name: "migrate",
  summary: "Bring the database to what the migrations say.",
  usage: "cortado migrate [APP] [MIGRATION | zero] [options]",
  example: "cortado migrate homepage 0001",
  arguments: { minimum: 0, maximum: 2 },
  options: {
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
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
      const { options } = invocation;
      const check = options["check"] === true;
      const database = options["database"] as string | undefined;
      const result = await migrateTables(tables, { database, ...requestOf(invocation) });
      if (options["plan"] === true || check) printPlan(result);
      printRest(result);
      if (check && result.plan.length > 0) return 1;
      if (result.plan.length === 0 && options["prune"] !== true) console.log("Nothing to do: every migration is applied.");
      return 0;
    }),
};

function requestOf(invocation: Invocation): MigrateOptions {
  const { args, options } = invocation;
  return {
    app: args[0],
    target: args[1],
    plan: options["plan"] === true || options["check"] === true,
    fake: options["fake"] === true,
    fakeInitial: options["fake-initial"] === true,
    prune: options["prune"] === true,
    runSyncdb: options["run-syncdb"] === true,
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
