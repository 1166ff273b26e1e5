import { resolve } from "node:path";
import { predictFile, type ModelServer } from "#serving";
import { type Command, hasOption, type Invocation, jsonOption, numberOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { deskOptions, withModels } from "../model-desk.ts";
import { progressLine } from "../progress-line.ts";

export const predict: Command = {
  name: "predict",
  summary: "Ask a model for a prediction, or for one of each row of a file.",
  usage: "cortado predict MODEL (--input JSON | --file ROWS --to ANSWERS [--resume]) [--version N] [--dir DIR]",
  example: `cortado predict drink-price --input '{"name": "Latte", "isIce": false}'`,
  arguments: { minimum: 1, maximum: 1 },
  options: {
    input: { type: "string", value: "JSON", about: "The item, as a JSON object." },
    file: { type: "string", value: "ROWS", about: "A file of rows: .jsonl, .csv or .json." },
    to: { type: "string", value: "ANSWERS", about: "Where their answers are written, a line of JSON each, in the same order." },
    resume: { type: "boolean", about: "Go on with a run that was stopped or killed." },
    concurrency: { type: "string", value: "N", about: "How many rows are asked at once. Default 64." },
    version: { type: "string", value: "N", about: "The version that answers. Default: the alias `default`." },
    dir: deskOptions["dir"]!,
  },
  run: (invocation) => {
    const refuse = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: "predict", problem, usage: predict.usage });
    const input = jsonOption(predict, invocation, "input");
    const file = textOption(invocation, "file");
    const to = textOption(invocation, "to");
    if ((input === undefined) === (file === undefined)) throw refuse("it needs --input, or --file with --to");
    if ((file === undefined) !== (to === undefined)) throw refuse("--file and --to go together");
    if (input !== undefined) return withModels(invocation, (models) => predictOne(models, invocation, input));
    const { directory } = invocation;
    const files = { file: resolve(directory, file!), to: resolve(directory, to!) };
    return withModels(invocation, (models) => predictAll(models, invocation, files));
  },
};

async function predictOne(models: ModelServer, invocation: Invocation, input: Record<string, unknown>): Promise<number> {
  const version = textOption(invocation, "version");
  const { outputs, ...answer } = await models.predict(invocation.args[0]!, [input], { version });
  console.log(JSON.stringify({ output: outputs[0], model: answer.model, version: answer.version }, null, 2));
  return 0;
}

/** Answers a file; exit code 1 where rows have no answer. */
async function predictAll(models: ModelServer, invocation: Invocation, files: { file: string; to: string }): Promise<number> {
  const line = progressLine();
  const done = await predictFile(invocation.args[0]!, {
    ...files,
    models,
    resume: hasOption(invocation, "resume"),
    concurrency: numberOption(predict, invocation, "concurrency") || undefined,
    version: textOption(invocation, "version"),
    progress: (state) => line.show(state),
  });
  line.end();
  const { model, version, rows, failed, resumed } = done;
  const parts = [`${rows} row${rows === 1 ? "" : "s"} answered by ${model} ${version}`];
  if (failed > 0) parts.push(`${failed} of them by an error`);
  if (resumed > 0) parts.push(`${resumed} were there before`);
  console.log(`${parts.join(", ")}: ${files.to}`);
  return failed > 0 ? 1 : 0;
}
