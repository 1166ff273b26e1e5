import type { ModelInfo } from "#serving";
import { exampleItem } from "./example-item.ts";
import { body, inHeader, inPath, type Paths, refusal, runAnswer, secured, wrap } from "./operations.ts";
import { inputReference, outputReference } from "./shared-schemas.ts";
import { registryPaths, versionPaths } from "./version-paths.ts";

/** The addresses of one model; with those that need the database of a project where there is one. */
export function modelPaths(model: ModelInfo, isProject: boolean): Paths {
  const { handler } = model;
  const security = model.access === "public" ? [] : secured;
  const predict = { post: predictOperation(model, security) };
  const train = {
    post: {
      summary: `Train ${model.name}`,
      security: secured,
      requestBody: body(wrap("parameters", { type: "object" }, [])),
      responses: { 202: runAnswer, default: refusal },
    },
  };
  const describe = {
    get: { summary: `What ${model.name} is`, security, responses: { 200: { description: "The model" }, default: refusal } },
  };
  const path = `/models/${model.name}`;
  const paths: Paths = {
    [path]: describe,
    [`${path}/predict`]: predict,
    [`${path}/versions/{version}/predict`]: { ...predict, parameters: [inPath("version")] },
    [`${path}/aliases/{alias}/predict`]: { ...predict, parameters: [inPath("alias")] },
    ...versionPaths(path, model.name, security),
    ...(handler?.options.train && { [`${path}/train`]: train }),
  };
  if (isProject)
    for (const [address, operations] of Object.entries(registryPaths(path, model.name)))
      paths[address] = { ...paths[address], ...operations };
  return paths;
}

/** How urgent a prediction is. */
const askHeaders = [
  inHeader("Cortado-Priority", "Work of a lower number goes first: from 1 to the levels of the model's queue"),
  inHeader("Cortado-Deadline", "Milliseconds in which the answer must come, where that is sooner than the model's own deadline"),
];

function predictOperation(model: ModelInfo, security: object[]): object {
  const [input, output] = [inputReference(model), outputReference(model)];
  const schema = { oneOf: [wrap("input", input), wrap("inputs", { type: "array", items: input })] };
  const item = exampleItem(model);
  const examples = { "one item": { value: { input: item } }, "several items": { value: { inputs: [item, item] } } };
  return {
    summary: model.handler?.options.description ?? `Predict with ${model.name}`,
    security,
    parameters: askHeaders,
    requestBody: { required: true, content: { "application/json": { schema, examples } } },
    responses: { 200: answerOf(output), default: refusal },
  };
}

/** The answer whole, or piece by piece for who accepts an event stream. */
function answerOf(output: object): object {
  const schema = {
    type: "object",
    required: ["id", "model", "version"],
    properties: {
      id: { type: "string" },
      output,
      outputs: { type: "array", items: output },
      model: { type: "string" },
      version: { type: "string" },
    },
  };
  return {
    description: "The answer",
    headers: {
      "Cortado-Model": { schema: { type: "string" }, description: "name@version" },
      "Server-Timing": { schema: { type: "string" }, description: "Milliseconds in the queue and in the model" },
    },
    content: { "application/json": { schema }, "text/event-stream": { schema: { type: "string" } } },
  };
}
