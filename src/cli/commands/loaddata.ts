import { projectDatabase } from "#app";
import { findFixtures, fixtureFile, fixtureStream, loadData } from "#orm/serialization";
import { type Command, hasOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";

export const loaddata: Command = {
  name: "loaddata",
  summary: "Load the rows of fixtures, all of them or none.",
  usage: "cortado loaddata FIXTURE … [--format NAME] [--ignorenonexistent] [--database ALIAS]",
  example: "cortado loaddata initial fixtures/shop.json.gz",
  arguments: { minimum: 1, maximum: Number.POSITIVE_INFINITY },
  options: {
    format: { type: "string", value: "NAME", about: "The format of what comes in on standard input, which - names." },
    ignorenonexistent: { type: "boolean", about: "Leave out models and fields that the project has no longer." },
    ...databaseOption,
  },
  run: (invocation) =>
    withTables(invocation.directory, async (tables) => {
      const database = textOption(invocation, "database");
      projectDatabase(tables, database);
      const places = { apps: tables.settings.apps, root: invocation.directory };
      const format = textOption(invocation, "format") ?? "json";
      const fixtures = invocation.args.flatMap((name) =>
        name === "-" ? [fixtureStream(process.stdin, format)] : findFixtures(name, places).map(fixtureFile),
      );
      const count = await loadData(fixtures, { database, ignoreNonexistent: hasOption(invocation, "ignorenonexistent") });
      console.log(`Loaded ${count} row${count === 1 ? "" : "s"} from ${fixtures.map(({ file }) => file).join(", ")}.`);
    }),
};
