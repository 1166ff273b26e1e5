import type { ModelInfo, Task } from "#serving";
import { type Paths, secured } from "./operations.ts";
import type { JsonSchema } from "./schemas.ts";

const text = { type: "string" };
const flag = { type: "boolean" };
const whole = { type: "integer", minimum: 1 };
const listOf = (items: JsonSchema): JsonSchema => ({ type: "array", items, minItems: 1 });
const oneOrMore = { oneOf: [text, listOf(text)] };
const writing = {
  max_tokens: whole,
  temperature: { type: "number", minimum: 0, maximum: 2 },
  top_p: { type: "number", minimum: 0, maximum: 1 },
  stop: oneOrMore,
  seed: { type: "integer" },
  n: whole,
  stream: flag,
};
const message = { type: "object", required: ["role"], properties: { role: text, content: {} } };
const document = { oneOf: [text, { type: "object", required: ["text"], properties: { text } }] };

/** An address of OpenAI's clients, or those of Jina, Cohere and vLLM. */
interface TaskAddress {
  address: string;
  summary: string;
  /** What it takes besides the model, and which of it must come. */
  takes: Readonly<Record<string, JsonSchema>>;
  required: readonly string[];
  /** The name and the parts of the list that it answers with. */
  answers: readonly [name: string, part: JsonSchema];
}

const choice = (properties: JsonSchema): JsonSchema => ({
  type: "object",
  properties: { index: { type: "integer" }, ...properties, finish_reason: text },
});

const addresses: Readonly<Record<Task, TaskAddress>> = {
  chat: {
    address: "/chat/completions",
    summary: "The next message of a conversation",
    takes: { messages: listOf(message), ...writing },
    required: ["messages"],
    answers: ["choices", choice({ message })],
  },
  completion: {
    address: "/completions",
    summary: "How a text goes on",
    takes: { prompt: oneOrMore, ...writing },
    required: ["prompt"],
    answers: ["choices", choice({ text })],
  },
  embeddings: {
    address: "/embeddings",
    summary: "Texts as numbers",
    takes: { input: { oneOf: [text, listOf({})] }, encoding_format: { enum: ["float", "base64"] }, dimensions: whole },
    required: ["input"],
    answers: ["data", { type: "object", properties: { index: { type: "integer" }, embedding: { type: ["array", "string"] } } }],
  },
  rerank: {
    address: "/rerank",
    summary: "Texts in the order of how well they answer a question",
    takes: { query: text, documents: listOf(document), top_n: whole, return_documents: { ...flag, default: true } },
    required: ["query", "documents"],
    answers: [
      "results",
      {
        type: "object",
        required: ["index", "relevance_score"],
        properties: { index: { type: "integer" }, relevance_score: { type: "number" }, document },
      },
    ],
  },
};

/** The addresses of tasks that some of these models do, below `base`: each with the models that do it. */
export function taskPaths(models: readonly ModelInfo[], base: string): Paths {
  const paths: Paths = {};
  for (const task of Object.keys(addresses) as Task[]) {
    const doing = models.filter(({ tasks }) => tasks?.includes(task));
    if (doing.length > 0) paths[addresses[task].address] = { post: operationOf(addresses[task], { models: doing, base }) };
  }
  return paths;
}

function operationOf(
  { summary, takes, required, answers: [name, part] }: TaskAddress,
  { models, base }: { models: readonly ModelInfo[]; base: string },
): object {
  const model = { type: "string", description: "name, name@version or name@alias", examples: models.map((each) => each.name) };
  const asked = { type: "object", required: ["model", ...required], properties: { model, ...takes } };
  const answered = { type: "object", properties: { model: text, [name]: { type: "array", items: part }, usage: {} } };
  return {
    summary,
    servers: [{ url: base }],
    security: models.every(({ access }) => access === "public") ? [] : secured,
    requestBody: { required: true, content: { "application/json": { schema: asked } } },
    responses: { 200: { description: "The answer", content: { "application/json": { schema: answered } } }, default: refused },
  };
}

const refused = {
  description: "Refused",
  content: {
    "application/json": {
      schema: {
        type: "object",
        properties: { error: { type: "object", properties: { message: text, type: text, param: {}, code: {} } } },
      },
    },
  },
};

const taskItems: Readonly<Partial<Record<Task, JsonSchema>>> = {
  chat: { type: "object", required: ["messages"], properties: { messages: listOf(message) } },
  completion: { type: "object", required: ["prompt"], properties: { prompt: text } },
  embeddings: text,
  rerank: { type: "object", required: ["query", "document"], properties: { query: text, document: text } },
};

/** What an item of a handler is that says no more than its task. */
export function taskItem({ tasks }: ModelInfo): JsonSchema | undefined {
  return tasks?.[0] && taskItems[tasks[0]];
}
