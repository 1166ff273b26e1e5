import { writeFile } from "node:fs/promises";
import { adoptDjango } from "#app";
import { describeTables, modelsSource, selectTables } from "#orm/introspection";
import { database } from "#orm";
import type { Command } from "../command.ts";
import { projectHere, withTables } from "../project-here.ts";

export const inspectdb: Command = {
  name: "inspectdb",
  summary: "Write the models that describe the tables of a database.",
  usage: "cortado inspectdb [TABLE …] [--app NAME] [--views] [--managed] [--output FILE] [--django] [--database ALIAS]",
  example: "cortado inspectdb --app shop --output shop/models.ts",
  arguments: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  options: {
    app: { type: "string", value: "NAME", about: "The app that the models are for: only its tables, named without its name." },
    views: { type: "boolean", about: "Views too." },
    managed: { type: "boolean", about: "Migrations shall care for the tables." },
    output: { type: "string", value: "FILE", about: "Write here, not to the terminal." },
    django: {
      type: "boolean",
      about: "Take the database over from Django: write its apps, and the migrations that bring its rows.",
    },
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  async run({ args, options, directory }) {
    const alias = (options["database"] as string | undefined) ?? "default";
    if (options["django"] === true) return adopt(directory, alias);
    await withTables(directory, async () => {
      const db = database(alias);
      const app = options["app"] as string | undefined;
      const selected = selectTables(await describeTables(db), args, { views: options["views"] === true });
      const tables = app === undefined ? selected : selected.filter(({ name }) => name.startsWith(`${app}_`));
      const source = modelsSource(tables, { dialect: db.dialect, app, managed: options["managed"] === true });
      const output = options["output"] as string | undefined;
      if (output === undefined) return console.log(source);
      await writeFile(output, source, { flag: "wx" });
      console.log(`Wrote ${tables.length} models to ${output}.`);
    });
  },
};

async function adopt(directory: string, alias: string): Promise<void> {
  const project = await projectHere(directory);
  const { files, unlisted, notes } = await withTables(directory, (tables) => adoptDjango(project, tables, alias));
  for (const file of files) console.log(`wrote ${file}`);
  for (const name of unlisted) console.log(`Add it to the apps of cortado.config.ts:\n  import ${name} from "./${name}/app.ts";`);
  for (const note of notes) console.log(`note  ${note}`);
  console.log("Read what was written, then run: npx cortado migrate");
}
