import type { TokenChance } from "../../engines/token-chance.ts";

/** Why an answer ended. */
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** How many tokens a request had. */
export interface TokenUsage {
  promptTokens: number;
  completionTokens?: number;
}

/** What a handler with `task: "chat"` answers, or a piece of it: a text alone, or more. */
export type ChatAnswer =
  | string
  | {
      content?: string | null;
      /** Calls of tools, as the protocol writes them. */
      toolCalls?: readonly object[];
      /** The chances of the tokens of `content`, where the item asks for `logprobs`. */
      logprobs?: readonly TokenChance[];
      /** Default: `"stop"`, or `"tool_calls"` where there are some. */
      finishReason?: FinishReason;
      usage?: TokenUsage;
    };

/** The pieces of an answer so far. */
export interface ChatSoFar {
  content: string | null;
  toolCalls: object[];
  /** Undefined where none were told. */
  logprobs: TokenChance[] | undefined;
  finishReason: FinishReason | undefined;
  usage: TokenUsage | undefined;
}

/** What a piece adds, in the protocol's names. */
export interface ChatDelta {
  role?: string;
  content?: string;
  tool_calls?: readonly object[];
}

export const nothingYet = (): ChatSoFar => ({
  content: null,
  toolCalls: [],
  logprobs: undefined,
  finishReason: undefined,
  usage: undefined,
});

/** Adds a piece to what came before it, and gives what it adds. What is neither text nor an answer is told as JSON. */
export function addPiece(sofar: ChatSoFar, piece: unknown): ChatDelta {
  const { content, toolCalls = [], logprobs, finishReason, usage } = answerOf(piece);
  if (typeof content === "string") sofar.content = (sofar.content ?? "") + content;
  sofar.toolCalls.push(...toolCalls);
  if (logprobs) (sofar.logprobs ??= []).push(...logprobs);
  sofar.finishReason = finishReason ?? sofar.finishReason;
  sofar.usage = usage ?? sofar.usage;
  return {
    ...(typeof content === "string" ? { content } : {}),
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
}

/** A piece as an answer. */
export function answerOf(piece: unknown): Exclude<ChatAnswer, string> {
  return isAnswer(piece) ? piece : { content: typeof piece === "string" ? piece : JSON.stringify(piece) };
}

const keys: readonly string[] = ["content", "toolCalls", "logprobs", "finishReason", "usage"];

function isAnswer(piece: unknown): piece is Exclude<ChatAnswer, string> {
  return typeof piece === "object" && piece !== null && Object.keys(piece).every((key) => keys.includes(key));
}

/** Why the answer ended, in the protocol's words. */
export function finishReasonOf({ finishReason, toolCalls }: ChatSoFar): FinishReason {
  return finishReason ?? (toolCalls.length > 0 ? "tool_calls" : "stop");
}

/** The tokens in the protocol's names; nothing where the handler does not count them. */
export function usageOf(usage: TokenUsage | undefined): object | undefined {
  if (usage === undefined) return undefined;
  const { promptTokens, completionTokens = 0 } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}
