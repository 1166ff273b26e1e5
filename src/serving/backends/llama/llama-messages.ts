import type { IsolatedProblem } from "../isolated/item-frame.ts";
import type { TokenChance } from "../../engines/token-chance.ts";
import type { LlamaQuestion } from "./llama-question.ts";
import type { LlamaSettings } from "./llama-options.ts";

/** What a model's process is told. */
export type LlamaRequest =
  | { type: "load"; settings: LlamaSettings }
  | { type: "ask"; id: number; question: LlamaQuestion }
  | { type: "stop"; id: number };

/** What it says; `id` is that of the question, 0 of the load. */
export type LlamaReply =
  | { type: "ready"; id: 0; loaded: LoadedLlama }
  | { type: "piece"; id: number; piece: string | LlamaText }
  | { type: "done"; id: number; answer: LlamaEnd | LlamaEmbedding }
  | { type: "failed"; id: number; problem: IsolatedProblem };

/** What is known of a model once it is loaded. */
export interface LoadedLlama {
  /** True for a model that was trained to give texts as numbers, and writes none. */
  embeds: boolean;
}

/** Why an answer ended, and how many tokens it had: its last piece. */
export interface LlamaEnd {
  finishReason: "stop" | "length";
  usage: { promptTokens: number; completionTokens: number };
}

/** What a GGUF model writes: a text, why it ended, and how many tokens there were. */
export type LlamaAnswer = LlamaEnd & { content: string; logprobs?: TokenChance[] };

/** A text with the chances of its tokens, where they are asked for. */
export interface LlamaText {
  content: string;
  logprobs: TokenChance[];
}

/** A piece of what it writes: a text, and at last why it ended. */
export type LlamaPiece = string | LlamaText | LlamaEnd;

/** A text as numbers. */
export interface LlamaEmbedding {
  embedding: number[];
  tokens: number;
}
