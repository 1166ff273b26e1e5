import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { jsonSafe, type ModelServer, predictFile, type PredictFileOptions, type RowServer } from "#serving";
import { type Command, hasOption, type Invocation, jsonOption, numberOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { deskOptions, withModels } from "../model-desk.ts";
import { progressLine } from "../progress-line.ts";
import { ServerClient } from "../server-client.ts";
import { writingFile } from "../writing-file.ts";

export const predict: Command = {
  name: "predict",
  summary: "Ask a model for a prediction, or for one of each row of a file.",
  usage: "cortado predict MODEL (--input JSON | --file ROWS --to ANSWERS [--resume]) [--version N] [--url URL | --dir DIR]",
  example: `cortado predict drink-price --input '{"name": "Latte", "isIce": false}'`,
  arguments: { minimum: 1, maximum: 1 },
  options: {
    input: { type: "string", value: "JSON", about: "The item, as JSON." },
    file: { type: "string", value: "ROWS", about: "A file of rows: .jsonl, .csv or .json." },
    to: { type: "string", value: "ANSWERS", about: "Where their answers are written, a line of JSON each, in the same order." },
    resume: { type: "boolean", about: "Go on with a run that was stopped or killed." },
    concurrency: { type: "string", value: "N", about: "How many rows are asked at once. Default 64." },
    version: { type: "string", value: "N", about: "The version that answers. Default: the alias `default`." },
    ...deskOptions,
    "token-file": { type: "string", value: "FILE", about: "With --url: a file that holds the token. Default: CORTADO_TOKEN." },
  },
  run: (invocation) => {
    const refuse = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: "predict", problem, usage: predict.usage });
    const input = jsonOption(predict, invocation, "input");
    const file = textOption(invocation, "file");
    const to = textOption(invocation, "to");
    if ((input === undefined) === (file === undefined)) throw refuse("it needs --input, or --file with --to");
    if ((file === undefined) !== (to === undefined)) throw refuse("--file and --to go together");
    const only = ["resume", "concurrency"].find((name) => file === undefined && invocation.options[name] !== undefined);
    if (only !== undefined) throw refuse(`--${only} goes with --file`);
    const server = serverOf(invocation);
    if (input !== undefined)
      return server
        ? askServer(server, invocation, input)
        : withModels(invocation, (models) => predictOne(models, invocation, input));
    const { directory } = invocation;
    const files = { file: resolve(directory, file!), to: resolve(directory, to!) };
    if (server) return predictAll({ ...files, server }, invocation);
    return withModels(invocation, (models) => predictAll({ ...files, models }, invocation));
  },
};

/** The running server that answers, if one is named. @throws CLI_BAD_ARGUMENT */
function serverOf(invocation: Invocation): RowServer | undefined {
  const refuse = (problem: string) => cliErrors.CLI_BAD_ARGUMENT({ command: "predict", problem, usage: predict.usage });
  const url = textOption(invocation, "url");
  const file = textOption(invocation, "token-file");
  if (url === undefined && file !== undefined) throw refuse("--token-file goes with --url");
  if (url === undefined) return undefined;
  if (textOption(invocation, "dir") !== undefined) throw refuse("--url and --dir exclude each other");
  if (file === undefined) return { url, token: process.env["CORTADO_TOKEN"] };
  try {
    // A line is a token, with its scopes before it where it has not all of them, as `serve` reads such a file.
    const lines = readFileSync(resolve(invocation.directory, file), "utf8").split("\n");
    const token = lines.find((line) => /^\s*[^\s#]/.test(line))?.trim().split(/\s+/).at(-1); // oxfmt-ignore
    if (token !== undefined) return { url, token };
  } catch (error) {
    throw refuse(`--token-file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw refuse("--token-file holds no token");
}

async function askServer({ url, token }: RowServer, invocation: Invocation, input: unknown): Promise<number> {
  const version = textOption(invocation, "version");
  const place = `models/${encodeURIComponent(invocation.args[0]!)}/${version === undefined ? "" : `versions/${encodeURIComponent(version)}/`}predict`;
  const answer = (await new ServerClient(url, token).send("POST", place, { input })) as Record<string, unknown>;
  console.log(JSON.stringify({ output: answer["output"], model: answer["model"], version: answer["version"] }, null, 2));
  return 0;
}

async function predictOne(models: ModelServer, invocation: Invocation, input: unknown): Promise<number> {
  const version = textOption(invocation, "version");
  const { outputs, ...answer } = await models.predict(invocation.args[0]!, [input], { version });
  console.log(JSON.stringify({ output: jsonSafe(outputs[0]), model: answer.model, version: answer.version }, null, 2));
  return 0;
}

/** Answers a file; exit code 1 where rows have no answer. */
async function predictAll(
  place: Pick<PredictFileOptions, "file" | "to" | "models" | "server">,
  invocation: Invocation,
): Promise<number> {
  const line = progressLine();
  const options: PredictFileOptions = {
    ...place,
    resume: hasOption(invocation, "resume"),
    concurrency: numberOption(predict, invocation, { name: "concurrency", least: 1 }),
    version: textOption(invocation, "version"),
    progress: (state) => line.show(state),
  };
  const done = await writingFile(place.to, () => predictFile(invocation.args[0]!, options), "--to");
  line.end();
  const { model, version, rows, failed, resumed } = done;
  const parts = [`${rows} row${rows === 1 ? "" : "s"} answered by ${model} ${version}`];
  if (failed > 0) parts.push(`${failed} of them by an error`);
  if (resumed > 0) parts.push(`${resumed} were there before`);
  console.log(`${parts.join(", ")}: ${place.to}`);
  return failed > 0 ? 1 : 0;
}
