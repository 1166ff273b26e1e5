import { projectDatabase } from "#app";
import { dumpData, writeFixture } from "#orm/serialization";
import { type Command, hasOption, listOption, numberOption, textOption } from "../command.ts";
import { databaseOption } from "../database-option.ts";
import { withTables } from "../project-here.ts";
import { writingFile } from "../writing-file.ts";

export const dumpdata: Command = {
  name: "dumpdata",
  summary: "Write the rows of the project, of apps or of models, as a fixture.",
  usage: "cortado dumpdata [APP | APP.MODEL …] [--exclude LABEL] [--format NAME] [--indent N] [--output FILE]",
  example: "cortado dumpdata shop auth.Group --natural-foreign --output fixtures/shop.json.gz",
  arguments: { minimum: 0, maximum: Number.POSITIVE_INFINITY },
  options: {
    exclude: { type: "string", multiple: true, value: "LABEL", about: "An app or a model to leave out; may be repeated." },
    format: { type: "string", value: "NAME", about: "json, jsonl or yaml; default: what the output's ending says, else json." },
    indent: { type: "string", value: "N", about: "Spaces for each level." },
    "natural-foreign": { type: "boolean", about: "Refer to rows by their natural keys, where they have one." },
    "natural-primary": { type: "boolean", about: "Leave out the primary keys of rows that have a natural key." },
    pks: { type: "string", value: "1,2,3", about: "Only the rows with these primary keys, of the one model that is named." },
    output: { type: "string", value: "FILE", about: "Write here, not to the terminal; .gz, .br and .zst compress." },
    ...databaseOption,
  },
  run: (invocation) =>
    withTables(invocation.directory, async (tables) => {
      const [output, database] = [textOption(invocation, "output"), textOption(invocation, "database")];
      projectDatabase(tables, database);
      const text = dumpData(tables.settings.apps, {
        labels: invocation.args,
        exclude: listOption(invocation, "exclude"),
        format: textOption(invocation, "format") ?? formatOf(output),
        indent: numberOption(dumpdata, invocation, "indent"),
        naturalForeign: hasOption(invocation, "natural-foreign"),
        naturalPrimary: hasOption(invocation, "natural-primary"),
        keys: textOption(invocation, "pks")?.split(","),
        database,
      });
      if (output === undefined) for await (const part of text) process.stdout.write(part);
      else await writingFile(output, () => writeFixture(text, output));
    }),
};

/** The format that a file's ending names, whatever compresses it. */
function formatOf(file: string | undefined): string | undefined {
  const ending = /\.(json|jsonl|yaml|yml)(?:\.\w+)?$/.exec(file ?? "")?.[1];
  return ending === "yml" ? "yaml" : ending;
}
