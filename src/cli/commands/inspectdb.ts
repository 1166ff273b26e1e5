import { writeFile } from "node:fs/promises";
import { adoptDjango, projectDatabase } from "#app";
import { describeTables, modelsSource, selectTables } from "#orm/introspection";
import { type Command, hasOption, type Invocation, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { cliErrors } from "../errors.ts";
import { projectHere, withTables } from "../project-here.ts";
import { writingFile } from "../writing-file.ts";

export const inspectdb: Command = {
  name: "inspectdb",
  summary: "Write the models that describe the tables of a database.",
  usage: "cortado inspectdb [TABLE …] [--app NAME] [--views] [--managed] [--output FILE] [--django] [--database ALIAS]",
  example: "cortado inspectdb --app shop --output shop/models.ts",
  arguments: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  options: {
    app: {
      type: "string",
      value: "NAME",
      about: "The app that the models are for: only its tables, if none are named; without its name before theirs.",
    },
    views: { type: "boolean", about: "Views too." },
    managed: { type: "boolean", about: "Migrations shall care for the tables." },
    output: { type: "string", value: "FILE", about: "Write here, not to the terminal." },
    django: {
      type: "boolean",
      about: "Take the database over from Django: write its apps, and the migrations that bring its rows.",
    },
    ...databaseOption,
  },
  async run(invocation) {
    if (hasOption(invocation, "django")) return adopt(invocation);
    const { args, directory } = invocation;
    const [app, output] = [textOption(invocation, "app"), textOption(invocation, "output")];
    await withTables(directory, async (project) => {
      const db = projectDatabase(project, textOption(invocation, "database"));
      const selected = selectTables(await describeTables(db), args, { views: hasOption(invocation, "views") });
      const tables = app === undefined || args.length > 0 ? selected : tablesOf(app, selected);
      const source = modelsSource(tables, { dialect: db.dialect, app, managed: hasOption(invocation, "managed") });
      if (output === undefined) return console.log(source);
      await writingFile(output, () => writeFile(output, source, { flag: "wx" }));
      console.log(`Wrote ${tables.length} model${tables.length === 1 ? "" : "s"} to ${output}.`);
    });
  },
};

/** An app's tables begin with its name; whoever wants others names them. */
function tablesOf<T extends { readonly name: string }>(app: string, tables: readonly T[]): readonly T[] {
  const found = tables.filter(({ name }) => name.startsWith(`${app}_`));
  if (found.length > 0) return found;
  throw cliErrors.CLI_BAD_ARGUMENT({
    command: "inspectdb",
    problem: `no table begins with ${app}_. The database has: ${tables.map(({ name }) => name).join(", ") || "none"}`,
    usage: `cortado inspectdb TABLE … --app ${app}`,
  });
}

/** Tables and places follow from what Django says of itself: no other option has a meaning beside `--django`. */
async function adopt(invocation: Invocation): Promise<void> {
  const { args, options, directory } = invocation;
  const other = args[0] ?? Object.keys(options).find((name) => name !== "django" && name !== "database");
  if (other !== undefined)
    throw cliErrors.CLI_BAD_ARGUMENT({
      command: "inspectdb",
      problem: `--django writes every app of the database, and takes no ${args.length > 0 ? "tables" : `--${other}`}`,
      usage: "cortado inspectdb --django [--database ALIAS]",
    });
  const project = await projectHere(directory);
  const alias = textOption(invocation, "database");
  const { files, unlisted, notes } = await withTables(directory, (tables) => adoptDjango(project, tables, alias));
  for (const file of files) console.log(`wrote ${file}`);
  for (const name of unlisted) console.log(`Add it to the apps of cortado.config.ts:\n  import ${name} from "./${name}/app.ts";`);
  for (const note of notes) console.log(`note  ${note}`);
  console.log("Read what was written, then run: npx cortado migrate");
}
