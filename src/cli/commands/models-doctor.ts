import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { examineModel, examinePlace, type ModelReport } from "#serving";
import { type Command, hasOption, type Invocation, listOption, textOption } from "../command.ts";
import { reportLines } from "../doctor-lines.ts";
import { cliErrors } from "../errors.ts";
import { deskOptions, withModels } from "../model-desk.ts";

export const modelsDoctor: Command = {
  name: "models doctor",
  summary: "Measure a model, and recommend how to run it: batches, threads, copies.",
  usage: "cortado models doctor MODEL|FILE|FOLDER [--version N] [--shape INPUT:3,224,224] [--dir DIR] [--json]",
  example: "cortado models doctor models/digits",
  arguments: { minimum: 1, maximum: 1 },
  options: {
    version: { type: "string", value: "N", about: "The version. Default: the one that answers." },
    shape: {
      type: "string",
      multiple: true,
      value: "INPUT:SIZES",
      about: "The sizes of an input after the rows, where they vary: image:3,224,224; again for more.",
    },
    dir: deskOptions["dir"]!,
    json: { type: "boolean", about: "Print JSON, for programs." },
  },
  async run(invocation) {
    const report = await reportOf(invocation);
    refuseStrangeInputs(report);
    if (hasOption(invocation, "json")) console.log(JSON.stringify(report, null, 2));
    else for (const line of reportLines(report)) console.log(line);
    return report.problem === undefined ? 0 : 1;
  },
};

/** What lies at this path, or else a model of this name: an app's folder may have the name of its model. */
async function reportOf(invocation: Invocation): Promise<ModelReport> {
  const [name] = invocation.args as [string];
  const shapes = shapesOf(invocation);
  const path = resolve(invocation.directory, name);
  const version = textOption(invocation, "version");
  const ofModel = () => withModels(invocation, (models) => examineModel(models, name, { version, shapes }), "--dir DIR");
  if (textOption(invocation, "dir") !== undefined) return ofModel();
  if (/[/\\]|\.(?:onnx|gguf)$/.test(name)) {
    if (version !== undefined)
      throw refused("--version goes with a model's name; a path names a version's folder or file itself");
    return examinePlace(path, { shapes });
  }
  if (!existsSync(path) || version !== undefined) return ofModel();
  return examinePlace(path, { shapes }).catch((error: { code?: string }) => {
    if (error.code !== "SERVING_BAD_ARTIFACT") throw error;
    return ofModel().catch((other: { code?: string }) => {
      throw ["CLI_NO_PROJECT", "SERVING_UNKNOWN_MODEL"].includes(other.code ?? "") ? error : other;
    });
  });
}

/** @throws CLI_BAD_ARGUMENT */
function shapesOf(invocation: Invocation): Record<string, number[]> {
  const shapes: Record<string, number[]> = {};
  for (const text of listOption(invocation, "shape")) {
    const [, input, sizes] = /^(.+):([1-9]\d*(?:,[1-9]\d*)*)$/.exec(text) ?? [];
    if (input === undefined) throw refused(`--shape is "${text}", and must be an input with its sizes, like image:3,224,224`);
    shapes[input] = sizes!.split(",").map(Number);
  }
  return shapes;
}

/** @throws CLI_BAD_ARGUMENT */
function refuseStrangeInputs({ signature, strangeInput, problem = "" }: ModelReport): void {
  if (strangeInput === undefined) return;
  const known = signature?.inputs.map(({ name }) => name) ?? [];
  if (known.includes(strangeInput)) throw refused(`--shape does not fit. ${problem}`);
  const there = known.length > 0 ? `. There are: ${known.join(", ")}` : ", and the model takes no tensors";
  throw refused(`--shape names the input "${strangeInput}"${there}`);
}

function refused(problem: string): Error {
  return cliErrors.CLI_BAD_ARGUMENT({ command: modelsDoctor.name, problem, usage: modelsDoctor.usage });
}
