import { dumpData, writeFixture } from "#orm/serialization";
import { type Command, listOption, numberOption } from "../command.ts";
import { withTables } from "../project-here.ts";

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
    database: { type: "string", value: "ALIAS", about: "Which database; default when left out." },
  },
  run: (invocation) =>
    withTables(invocation.directory, async ({ settings }) => {
      const { args, options } = invocation;
      const output = options["output"] as string | undefined;
      const text = dumpData(settings.apps, {
        labels: args,
        exclude: listOption(invocation, "exclude"),
        format: (options["format"] as string | undefined) ?? formatOf(output),
        indent: numberOption(dumpdata, invocation, "indent"),
        naturalForeign: options["natural-foreign"] === true,
        naturalPrimary: options["natural-primary"] === true,
        keys: (options["pks"] as string | undefined)?.split(","),
        database: options["database"] as string | undefined,
      });
      if (output === undefined) for await (const part of text) process.stdout.write(part);
      else await writeFixture(text, output);
    }),
};

/** The format that a file's ending names, whatever compresses it. */
function formatOf(file: string | undefined): string | undefined {
  const ending = /\.(json|jsonl|yaml|yml)(?:\.\w+)?$/.exec(file ?? "")?.[1];
  return ending === "yml" ? "yaml" : ending;
}
