import * as z from "zod";
import { json, type HttpRequest, type View } from "#http";
import { type ModelInfo, type StandardSchema, type TensorSpec, allowedModel } from "#serving";
import { projectAuthorizer } from "./project-authorizer.ts";

type JsonSchema = Record<string, unknown>;

/** A description of this API in OpenAPI 3.1, with the inputs and outputs of the models that the caller may see. */
export const openApi: View = async (request) => {
  const base = request.path.slice(0, -"/openapi.json".length);
  const paths: Record<string, unknown> = { ...generalPaths };
  for (const model of await visible(request)) Object.assign(paths, modelPaths(model));
  return json({
    openapi: "3.1.0",
    info: { title: "Models", version: "1" },
    servers: [{ url: base === "" ? "/" : base }],
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      schemas: { Error: errorSchema, Run: runSchema },
    },
  });
};

async function visible(request: HttpRequest): Promise<ModelInfo[]> {
  const found: ModelInfo[] = [];
  for (const { name } of request.services.models.list()) {
    const model = await allowedModel(request, name, { authorizer: projectAuthorizer, action: "list" }).catch(() => undefined);
    if (model) found.push(model);
  }
  return found;
}

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message"],
      properties: { code: { type: "string" }, message: { type: "string" }, hint: { type: "string" } },
    },
  },
};

const runSchema = {
  type: "object",
  properties: {
    id: { type: "integer" },
    model: { type: "string" },
    state: { enum: ["queued", "running", "cancelling", "succeeded", "failed", "cancelled", "interrupted"] },
    version: { type: ["string", "null"] },
    metrics: { type: ["object", "null"], additionalProperties: { type: "number" } },
    error: { type: ["object", "null"] },
  },
};

const secured = [{ token: [] }];
const refusal = { description: "Refused", content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } } };
const runAnswer = { description: "The run", content: { "application/json": { schema: { $ref: "#/components/schemas/Run" } } } };
const gone = { 204: { description: "Done" }, default: refusal };
const inPath = (name: string, type = "string") => ({ name, in: "path", required: true, schema: { type } });
const runId = [inPath("id", "integer")];

const generalPaths = {
  "/models": {
    get: { summary: "The models", responses: { 200: { description: "The models that you may see" }, default: refusal } },
  },
  "/runs": {
    get: { summary: "The newest runs", security: secured, responses: { 200: { description: "Runs" }, default: refusal } },
  },
  "/runs/{id}": {
    get: {
      summary: "A run, or its events",
      security: secured,
      parameters: runId,
      responses: { 200: runAnswer, default: refusal },
    },
  },
  "/runs/{id}/cancel": {
    post: { summary: "Stop a run", security: secured, parameters: runId, responses: { 202: runAnswer, default: refusal } },
  },
  "/runs/{id}/resume": {
    post: { summary: "Go on with a run", security: secured, parameters: runId, responses: { 202: runAnswer, default: refusal } },
  },
};

function modelPaths(model: ModelInfo): Record<string, unknown> {
  const { handler } = model;
  const input = schemaOf(handler?.options.input, "input") ?? columnsSchema(model) ?? tensorsSchema(model.signature?.inputs);
  const output = schemaOf(handler?.options.output, "output") ?? { type: "object" };
  const security = model.access === "public" ? [] : secured;
  const answer = {
    type: "object",
    properties: {
      id: { type: "string" },
      output,
      outputs: { type: "array", items: output },
      model: { type: "string" },
      version: { type: "string" },
    },
  };
  const predict = {
    post: {
      summary: handler?.options.description ?? `Predict with ${model.name}`,
      security,
      requestBody: body({ oneOf: [wrap("input", input), wrap("inputs", { type: "array", items: input })] }),
      responses: { 200: { description: "The answer", content: { "application/json": { schema: answer } } }, default: refusal },
    },
  };
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
  return {
    [path]: describe,
    [`${path}/predict`]: predict,
    [`${path}/versions/{version}/predict`]: { ...predict, parameters: [inPath("version")] },
    [`${path}/aliases/{alias}/predict`]: { ...predict, parameters: [inPath("alias")] },
    ...versionPaths(path, model.name, security),
    ...(handler?.options.train && { [`${path}/train`]: train }),
  };
}

/** Listing, uploading and removing versions, and pointing aliases at them. */
function versionPaths(path: string, name: string, security: object[]): Record<string, unknown> {
  const told = (description: string) => ({ 200: { description }, default: refusal });
  const file = { type: "object", properties: { artifact: { type: "string", contentMediaType: "application/octet-stream" } } };
  return {
    [`${path}/versions`]: {
      get: { summary: `The versions of ${name}`, security, responses: told("Versions, the newest first") },
      post: {
        summary: `Upload a version of ${name}`,
        security: secured,
        requestBody: { content: { "multipart/form-data": { schema: file } } },
        responses: { 201: { description: "The version" }, default: refusal },
      },
    },
    [`${path}/versions/{version}`]: {
      parameters: [inPath("version")],
      get: { summary: `A version of ${name}`, security, responses: told("The version") },
      delete: { summary: `Remove a version of ${name}`, security: secured, responses: gone },
    },
    ...aliasPaths(path, name),
  };
}

const text = { type: "string" };
const percent = { type: "number", minimum: 0, maximum: 100 };

/** What an alias is to name. */
const aliasSchema = {
  type: "object",
  properties: {
    version: text,
    canary: {
      type: "object",
      required: ["version"],
      properties: { version: text, percent, key: text, header: text },
    },
    shadow: {
      type: "object",
      required: ["version"],
      properties: { version: text, percent, tolerance: { type: "number", minimum: 0, maximum: 1 } },
    },
  },
};

/** Pointing aliases at versions, and loading and unloading. */
function aliasPaths(path: string, name: string): Record<string, unknown> {
  const told = (description: string) => ({ 200: { description }, default: refusal });
  const change = (summary: string) => ({
    post: {
      summary,
      security: secured,
      requestBody: { ...body(wrap("version", text, [])), required: false },
      responses: told("The versions' states"),
    },
  });
  return {
    [`${path}/aliases/{alias}`]: {
      parameters: [inPath("alias")],
      put: {
        summary: `Point an alias of ${name} at a version, with a canary and a shadow; "default" is pinned by it`,
        security: secured,
        requestBody: body(aliasSchema),
        responses: told("The alias"),
      },
      delete: { summary: `Drop an alias of ${name}; "default" is unpinned by it`, security: secured, responses: gone },
    },
    [`${path}/aliases/{alias}/rollback`]: {
      parameters: [inPath("alias")],
      post: {
        summary: `Take an alias of ${name} back: end its canary, or name the version before`,
        security: secured,
        responses: told("The alias"),
      },
    },
    [`${path}/predictions/{id}/feedback`]: {
      parameters: [inPath("id")],
      post: {
        summary: `Give the right answer to a recorded prediction of ${name}`,
        security: secured,
        requestBody: body({ type: "object", properties: { answer: {}, answers: { type: "array" } } }),
        responses: told("The prediction and its right answers"),
      },
    },
    [`${path}/load`]: change(`Load ${name}, or one version of it`),
    [`${path}/unload`]: change(`Let ${name} go, or one version of it`),
  };
}

function body(schema: JsonSchema): JsonSchema {
  return { content: { "application/json": { schema } } };
}

function wrap(name: string, schema: JsonSchema, required: string[] = [name]): JsonSchema {
  return { type: "object", required, properties: { [name]: schema } };
}

/** A zod schema as JSON Schema; other libraries' schemas say nothing of themselves. */
function schemaOf(schema: StandardSchema | undefined, io: "input" | "output"): JsonSchema | undefined {
  if (schema?.["~standard"].vendor !== "zod") return undefined;
  return z.toJSONSchema(schema as unknown as z.ZodType, { io, unrepresentable: "any" }) as JsonSchema;
}

const columnTypes: Record<string, string> = { number: "number", boolean: "boolean", category: "string" };

/** The columns of a tabular model, each of which may be null. */
function columnsSchema({ manifest }: ModelInfo): JsonSchema | undefined {
  const features = manifest?.columns?.filter((column) => column["role"] === "feature");
  if (!features?.length) return undefined;
  const properties = features.map(({ name, kind }) => [name, { type: [columnTypes[kind as string], "null"] }]);
  return { type: "object", required: features.map((column) => column["name"]), properties: Object.fromEntries(properties) };
}

/** Nested arrays; what their elements are is said in words, for JSON has one kind of number. */
function tensorsSchema(specs: readonly TensorSpec[] | undefined): JsonSchema {
  const properties = (specs ?? []).map(({ name, datatype, shape }) => [
    name,
    { description: `${datatype} [${shape.join(", ")}]` },
  ]);
  return { type: "object", properties: Object.fromEntries(properties) };
}
