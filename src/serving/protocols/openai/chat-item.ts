import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** A part of a message that is more than text: `{ type: "text", text }`, `{ type: "image_url", … }`. */
export type ChatPart = { readonly type: string } & Readonly<Record<string, unknown>>;

/** A message of a conversation. */
export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
  content: string | readonly ChatPart[] | null;
  /** What else came with it: `name`, `tool_calls`, `tool_call_id`. */
  [key: string]: unknown;
}

/** What a handler with `task: "chat"` is asked: a conversation, and how to go on with it. */
export interface ChatItem {
  messages: ChatMessage[];
  /** From 0 to 2. */
  temperature?: number;
  /** From 0 to 1. */
  topP?: number;
  /** The most tokens of the answer. */
  maxTokens?: number;
  /** Texts at which the answer ends. */
  stop?: string[];
  seed?: number;
  /** Everything else that came, by the protocol's names: `tools`, `response_format`, … */
  options: Readonly<Record<string, unknown>>;
}

const roles: readonly string[] = ["system", "developer", "user", "assistant", "tool", "function"];

const refuse = (where: string, value: unknown, wanted: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${describe(value)}, and must be ${wanted}` });

/** Reads a request for a chat. @throws SERVING_BAD_INPUT */
export function chatItem(body: Readonly<Record<string, unknown>>): ChatItem {
  const { model: _model, messages, stream: _stream, stream_options: _streamOptions, ...rest } = body;
  const { temperature, top_p: topP, max_tokens, max_completion_tokens, stop, seed, n, ...options } = rest;
  if (!Array.isArray(messages) || messages.length === 0) throw refuse("messages", messages, "an array of messages");
  if (n !== undefined && n !== null && n !== 1) throw refuse("n", n, "1: a request has one answer");
  const maxTokens = max_completion_tokens ?? max_tokens;
  const item: ChatItem = { messages: messages.map(checkedMessage), options };
  if (isGiven(temperature)) item.temperature = number(temperature, "temperature", 2);
  if (isGiven(topP)) item.topP = number(topP, "top_p", 1);
  if (isGiven(maxTokens)) item.maxTokens = whole(maxTokens, "max_tokens", 1);
  if (isGiven(seed)) item.seed = whole(seed, "seed", Number.MIN_SAFE_INTEGER);
  if (isGiven(stop)) item.stop = texts(stop);
  return item;
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function checkedMessage(message: unknown, index: number): ChatMessage {
  const where = `messages[${index}]`;
  if (typeof message !== "object" || message === null || Array.isArray(message)) throw refuse(where, message, "an object");
  const { role, content = null } = message as Record<string, unknown>;
  if (typeof role !== "string" || !roles.includes(role)) throw refuse(`${where}.role`, role, `one of ${roles.join(", ")}`);
  const isContent = typeof content === "string" || content === null || (Array.isArray(content) && content.every(isPart));
  if (!isContent) throw refuse(`${where}.content`, content, "a text or an array of parts");
  return { ...message, role, content } as ChatMessage;
}

function isPart(part: unknown): boolean {
  return typeof (part as { type?: unknown } | null)?.type === "string";
}

function number(value: unknown, where: string, most: number): number {
  if (typeof value === "number" && value >= 0 && value <= most) return value;
  throw refuse(where, value, `a number from 0 to ${most}`);
}

function whole(value: unknown, where: string, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw refuse(where, value, least > 0 ? `a whole number from ${least}` : "a whole number");
}

function texts(value: unknown): string[] {
  const list = typeof value === "string" ? [value] : value;
  if (Array.isArray(list) && list.every((text) => typeof text === "string")) return list;
  throw refuse("stop", value, "a text or an array of texts");
}
