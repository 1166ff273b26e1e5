import { writeFile } from "node:fs/promises";
import { describeTables, modelsSource, selectTables } from "#orm/introspection";
import { database } from "#orm";
import type { Command } from "../command.ts";
import { withTables } from "../project-here.ts";

export const inspectdb: Command = {
  name: "inspectdb",
  summary: "Write the models that describe the tables of a database.",
  usage: "cortado inspectdb [TABLE …] [--app NAME] [--views] [--managed] [--output FILE] [--database ALIAS]",
  example: "cortado inspectdb --app shop --output shop/models.ts",
  arguments: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  options: {
    app: { type: "string", value: "NAME", about: "The app that the models are for: only its tables, named without its name." },
    views: { type: "boolean", about: "Views too." },
    managed: { type: "boolean", about: "Migrations shall care for the tables." },
    output: { type: "string", value: "FILE", about: "Write here, not to the terminal." },
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: ({ args, options, directory }) =>
    withTables(directory, async () => {
      const db = database((options["database"] as string | undefined) ?? "default");
      const app = options["app"] as string | undefined;
      const selected = selectTables(await describeTables(db), args, { views: options["views"] === true });
      const tables = app === undefined ? selected : selected.filter(({ name }) => name.startsWith(`${app}_`));
      const source = modelsSource(tables, { dialect: db.dialect, app, managed: options["managed"] === true });
      const output = options["output"] as string | undefined;
      if (output === undefined) return console.log(source);
      await writeFile(output, source, { flag: "wx" });
      console.log(`Wrote ${tables.length} models to ${output}.`);
    }),
};
