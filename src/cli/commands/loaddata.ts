import { findFixtures, fixtureFile, fixtureStream, loadData } from "#orm/serialization";
import type { Command } from "../command.ts";
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
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async ({ settings }) => {
      const places = { apps: settings.apps, root: directory };
      const format = (options["format"] as string | undefined) ?? "json";
      const fixtures = args.flatMap((name) =>
        name === "-" ? [fixtureStream(process.stdin, format)] : findFixtures(name, places).map(fixtureFile),
      );
      const database = options["database"] as string | undefined;
      const count = await loadData(fixtures, { database, ignoreNonexistent: options["ignorenonexistent"] === true });
      console.log(`Loaded ${count} row${count === 1 ? "" : "s"} from ${fixtures.map(({ file }) => file).join(", ")}.`);
    }),
};
