import { HttpError, type HttpRequest } from "#http";
import { asHttpError, jsonSafe, type ModelInfo, publicOnly } from "#serving";
import { inputSchema, outputSchema } from "../openapi/model-schemas.ts";
import { projectAuthorizer } from "../project-authorizer.ts";
import { isObject } from "../api-view.ts";
import { RpcError, rpcCodes } from "./rpc.ts";

/** The models that the caller may ask, as tools. */
export async function listTools(request: HttpRequest): Promise<object[]> {
  const tools: object[] = [];
  for (const model of request.services.models.list()) if (await mayPredict(request, model)) tools.push(toolOf(model));
  return tools;
}

function toolOf(model: ModelInfo): object {
  const { name, handler } = model;
  const output = outputSchema(model);
  return {
    name,
    description: handler?.options.description ?? `Answers with the model ${name}.`,
    inputSchema: { type: "object", ...inputSchema(model) },
    ...(output["type"] === "object" && { outputSchema: output }),
  };
}

/** Asks a model. What it says of its input is an answer that tells the caller what to mend, not a fault of the protocol. */
export async function callTool(request: HttpRequest, params: Record<string, unknown>): Promise<object> {
  const { name, arguments: item = {} } = params;
  const { models } = request.services;
  const model = models.list().find((each) => each.name === name);
  if (model === undefined || !(await mayPredict(request, model)))
    throw new RpcError(rpcCodes.badParameters, `There is no tool ${JSON.stringify(name)} that you may call.`);
  try {
    const { outputs } = await models.predict(model.name, [item], { signal: request.signal });
    const output = jsonSafe(outputs[0]);
    return { content: [{ type: "text", text: textOf(output) }], ...(isObject(output) && { structuredContent: output }) };
  } catch (error) {
    const told = asHttpError(error, models, model.name);
    if (!(told instanceof HttpError) || told.status === 500) throw error;
    return { content: [{ type: "text", text: [told.message, told.hint].filter(Boolean).join(" ") }], isError: true };
  }
}

function textOf(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

/** By a token, or because the model is public; a cookie counts for nothing here. */
async function mayPredict(request: HttpRequest, model: ModelInfo): Promise<boolean> {
  const authorizer = request.headers.authorization === undefined ? publicOnly : projectAuthorizer;
  try {
    await authorizer.authorize(request, "predict", model);
    return true;
  } catch (error) {
    if (error instanceof HttpError && error.status < 500) return false;
    throw error;
  }
}
