import { migrateTables } from "#app";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const migrate: Command = {
  name: "migrate",
  summary: "Bring the database to what the migrations say.",
  usage: "cortado migrate [APP] [MIGRATION] [--plan] [--fake]",
  example: "cortado migrate homepage 0001",
  arguments: { minimum: 0, maximum: 2 },
  options: {
    plan: { type: "boolean", about: "Show what would be done, and do nothing." },
    fake: { type: "boolean", about: "Record the migrations as applied without running them." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async (tables) => {
      const result = await migrateTables(tables, {
        app: args[0],
        target: args[1],
        plan: options["plan"] === true,
        fake: options["fake"] === true,
        report: (step) => console.log(step),
      });
      if (result.steps.length === 0) console.log("Nothing to do: every migration is applied.");
    }),
};
