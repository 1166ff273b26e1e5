import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { chatChances } from "./chances.ts";
import { readSampling, type SamplingItem } from "./sampling-item.ts";

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
export interface ChatItem extends SamplingItem {
  messages: ChatMessage[];
}

const roles: readonly string[] = ["system", "developer", "user", "assistant", "tool", "function"];

const refuse = (where: string, value: unknown, wanted: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${describe(value)}, and must be ${wanted}` });

/** Reads a request for a chat. @throws SERVING_BAD_INPUT */
export function chatItem(body: Readonly<Record<string, unknown>>): ChatItem {
  const { messages, n: _n, logprobs, top_logprobs, ...rest } = body;
  if (!Array.isArray(messages) || messages.length === 0) throw refuse("messages", messages, "an array of messages");
  return { messages: messages.map(checkedMessage), ...readSampling(rest), ...chatChances({ logprobs, top_logprobs }) };
}

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
