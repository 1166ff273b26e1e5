import { didYouMean } from "#kernel";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** A message as a chat template knows it. */
export interface LlamaMessage {
  role: "system" | "user" | "assistant";
  text: string;
}

/** What an answer has to be: any JSON, or JSON of a schema. */
export type LlamaForm = { type: "json" } | { type: "schema"; schema: Readonly<Record<string, unknown>>; where: string };

/** How the next token is chosen, and when the answer ends. */
export interface LlamaSampling {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  seed?: number;
  repeatPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  maxTokens?: number;
  stop?: string[];
  form?: LlamaForm;
  logprobs?: number;
}

/** How a GGUF model is to write its answer. */
export interface LlamaWish {
  /** From 0, which takes the likeliest token each time, to 2. Default 0.8. */
  temperature?: number;
  /** Only the likeliest tokens that have so much of the chance together. Default 0.95. */
  topP?: number;
  /** Only so many of the likeliest tokens; 0 for all. Default 40. */
  topK?: number;
  /** Only tokens that have so much of the likeliest one's chance. Default 0.05. */
  minP?: number;
  /** The same seed gives the same answer. */
  seed?: number;
  repeatPenalty?: number;
  frequencyPenalty?: number;
  presencePenalty?: number;
  /** The most tokens of the answer. Default: what the context has room for. */
  maxTokens?: number;
  /** Texts at which the answer ends; they are not a part of it. */
  stop?: string | string[];
  /**
   * Tells each token's chance, with those of so many of the likeliest in its place, 20 at most: the model's own with
   * `temperature: 0`, else those by which the token was drawn.
   */
  logprobs?: number;
  /** JSON that the answer has to be: `{ type: "json_object" }`, or `{ type: "json_schema", json_schema: { schema } }`. */
  responseFormat?: object;
  /** More, by the names that OpenAI's protocol has for it. */
  options?: Readonly<Record<string, unknown>>;
}

/** What a GGUF model is asked: to go on with a text, or with a conversation. */
export type LlamaItem =
  | string
  | (LlamaWish & { prompt: string })
  | (LlamaWish & { messages: readonly { role: string; content: unknown }[] });

/** What a model's process is asked. */
export type LlamaQuestion =
  | { type: "chat"; messages: LlamaMessage[]; sampling: LlamaSampling }
  | { type: "text"; prompt: string; sampling: LlamaSampling }
  | { type: "embedding"; input: string | number[] };

type Given = Readonly<Record<string, unknown>>;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** The numbers of an item: their names in the options of protocols, and what they may be. */
const numbers: Readonly<Record<string, { names: readonly string[]; least: number; most: number; whole?: boolean }>> = {
  temperature: { names: ["temperature"], least: 0, most: 2 },
  topP: { names: ["top_p"], least: 0, most: 1 },
  topK: { names: ["top_k"], least: 0, most: 1_000_000, whole: true },
  minP: { names: ["min_p"], least: 0, most: 1 },
  repeatPenalty: { names: ["repeat_penalty", "repetition_penalty"], least: 0, most: 10 },
  frequencyPenalty: { names: ["frequency_penalty"], least: -2, most: 2 },
  presencePenalty: { names: ["presence_penalty"], least: -2, most: 2 },
  maxTokens: { names: ["max_tokens"], least: 1, most: Number.MAX_SAFE_INTEGER, whole: true },
  seed: { names: ["seed"], least: Number.MIN_SAFE_INTEGER, most: Number.MAX_SAFE_INTEGER, whole: true },
  logprobs: { names: [], least: 0, most: 20, whole: true },
};

const itemKeys = ["messages", "prompt", "stop", "responseFormat", "options", ...Object.keys(numbers)];

/** What would change the answer and is not known here, with when it means nothing. */
const unknownHere: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: isEmpty,
  functions: isEmpty,
  logit_bias: isEmpty,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  suffix: (value) => value === "",
  audio: () => false,
};

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Reads an item: a text, `{ prompt }`, or `{ messages }`, with how to go on. @throws SERVING_BAD_INPUT */
export function llamaQuestion(item: unknown, embeds: boolean): LlamaQuestion {
  if (embeds && (typeof item === "string" || isTokens(item))) return { type: "embedding", input: item };
  const given: unknown = typeof item === "string" ? { prompt: item } : item;
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw refuse("The input", `is ${describe(given)}, and must be a text, { prompt } or { messages }`);
  const known = given as Given;
  for (const key of Object.keys(known))
    if (!itemKeys.includes(key)) throw refuse("The input", `has "${key}", which is not known here`, didYouMean(key, itemKeys));
  const { prompt, messages } = known;
  if ((prompt === undefined) === (messages === undefined))
    throw refuse("The input", prompt === undefined ? "has neither prompt nor messages" : "has both prompt and messages");
  const sampling = readSampling(known);
  if (messages !== undefined) return { type: "chat", messages: readMessages(messages), sampling };
  if (typeof prompt !== "string") throw refuse("prompt", `is ${describe(prompt)}, and must be a text`);
  return { type: "text", prompt, sampling };
}

const isTokens = (item: unknown): item is number[] =>
  Array.isArray(item) && item.length > 0 && item.every((token) => Number.isSafeInteger(token) && token >= 0);

function readSampling(item: Given): LlamaSampling {
  const options = (item["options"] ?? {}) as Given;
  for (const [name, isNothing] of Object.entries(unknownHere))
    if (isGiven(options[name]) && !isNothing(options[name])) throw refuse(name, "is not known to this runtime");
  const sampling: Record<string, unknown> = {};
  for (const [key, { names, least, most, whole = false }] of Object.entries(numbers)) {
    const { value, where } = wishOf({ item, options }, [key, ...names]);
    if (!isGiven(value)) continue;
    const fits = typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (!fits)
      throw refuse(where, `is ${describe(value)}, and must be a ${whole ? "whole number" : "number"} ${rangeOf(least, most)}`);
    sampling[key] = value;
  }
  const stop = readStop(item["stop"]);
  const form = readForm(wishOf({ item, options }, ["responseFormat", "response_format"]));
  return { ...sampling, ...(stop && { stop }), ...(form && { form }) };
}

/** A value, and the name by which it was given: an item's own, or one of a protocol. */
interface Wish {
  value: unknown;
  where: string;
}

function wishOf({ item, options }: { item: Given; options: Given }, [key, ...names]: readonly [string, ...string[]]): Wish {
  const name = isGiven(item[key]) ? undefined : names.find((each) => isGiven(options[each]));
  return name === undefined ? { value: item[key], where: key } : { value: options[name], where: name };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function rangeOf(least: number, most: number): string {
  if (least === Number.MIN_SAFE_INTEGER) return "that a double holds";
  return most === Number.MAX_SAFE_INTEGER ? `from ${least} on` : `from ${least} to ${most}`;
}

function readStop(value: unknown): string[] | undefined {
  if (!isGiven(value)) return undefined;
  const list: unknown = typeof value === "string" ? [value] : value;
  if (Array.isArray(list) && list.every((text) => typeof text === "string" && text !== "")) return list as string[];
  throw refuse("stop", `is ${describe(value)}, and must be a text or an array of texts, none of them empty`);
}

/** `{ type: "json_object" }`, or `{ type: "json_schema", json_schema: { schema } }`, as OpenAI writes them. */
function readForm({ value, where }: Wish): LlamaForm | undefined {
  if (!isGiven(value)) return undefined;
  const { type, json_schema: wrapped } = value as { type?: unknown; json_schema?: { schema?: unknown } };
  if (type === "text") return undefined;
  if (type === "json_object") return { type: "json" };
  const schema = wrapped?.schema;
  if (type === "json_schema" && typeof schema === "object" && schema !== null)
    return { type: "schema", schema: schema as Given, where };
  throw refuse(where, 'must be of the type "text", "json_object", or "json_schema" with a schema');
}

const roles: Readonly<Record<string, LlamaMessage["role"]>> = {
  system: "system",
  developer: "system",
  user: "user",
  assistant: "assistant",
};

function readMessages(messages: unknown): LlamaMessage[] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw refuse("messages", `is ${describe(messages)}, and must be an array of one message or more`);
  return messages.map((message: unknown, i) => {
    const { role, content } = (message ?? {}) as Given;
    const known = typeof role === "string" && Object.hasOwn(roles, role) ? roles[role] : undefined;
    if (known === undefined)
      throw refuse(`messages[${i}].role`, `is ${describe(role)}; this runtime knows ${Object.keys(roles).join(", ")}`);
    return { role: known, text: readContent(content, `messages[${i}].content`) };
  });
}

function readContent(content: unknown, where: string): string {
  if (typeof content === "string") return content;
  if (content === null) return "";
  if (!Array.isArray(content)) throw refuse(where, `is ${describe(content)}, and must be a text or an array of parts`);
  return content
    .map((part: { type?: unknown; text?: unknown } | null) => {
      if (part?.type === "text" && typeof part.text === "string") return part.text;
      throw refuse(where, `has a part of the type ${describe(part?.type)}; this runtime reads text alone`);
    })
    .join("");
}
