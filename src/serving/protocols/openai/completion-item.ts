import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { completionChances } from "./chances.ts";
import { isGiven, readSampling, type SamplingItem } from "./sampling-item.ts";

/** What a handler with `task: "completion"` is asked: a text, and how to go on with it. */
export interface CompletionItem extends SamplingItem {
  prompt: string;
}

/** The most tokens of an answer, where a request does not say: the protocol's own number. */
const MAX_TOKENS = 16;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads a request for completions: an item for each text. @throws SERVING_BAD_INPUT */
export function completionItems(body: Readonly<Record<string, unknown>>): CompletionItem[] {
  const { prompt, echo, logprobs, suffix, best_of: best, n, ...rest } = body;
  const prompts: unknown = typeof prompt === "string" ? [prompt] : prompt;
  if (!Array.isArray(prompts) || prompts.length === 0 || !prompts.every((text) => typeof text === "string"))
    throw refuse("prompt", `is ${describe(prompt)}, and must be a text or an array of texts`, tokensHint(prompts));
  if (echo === true) throw refuse("echo", "is true, and the prompt is not answered with", "Put it before the answer.");
  if (isGiven(suffix) && suffix !== "") throw refuse("suffix", "is given, and a text is gone on with at its end alone");
  if (isGiven(best) && best !== (n ?? 1))
    throw refuse("best_of", `is ${describe(best)}, and must be n: all answers that are written are given`);
  const sampling = {
    ...readSampling({ ...rest, max_tokens: rest["max_tokens"] ?? MAX_TOKENS }),
    ...completionChances({ logprobs }),
  };
  return prompts.map((text) => ({ prompt: text as string, ...sampling }));
}

function tokensHint(prompts: unknown): string | undefined {
  const isTokens = Array.isArray(prompts) && prompts.flat().some((token) => typeof token === "number");
  return isTokens ? "Send texts; tokens are not taken." : undefined;
}
