import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { readSampling, type SamplingItem } from "./sampling-item.ts";

/** What a handler with `task: "completion"` is asked: a text, and how to go on with it. */
export interface CompletionItem extends SamplingItem {
  prompt: string;
}

/** The most tokens of an answer, where a request does not say: the protocol's own number. */
const MAX_TOKENS = 16;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads a request for a completion. @throws SERVING_BAD_INPUT */
export function completionItem(body: Readonly<Record<string, unknown>>): CompletionItem {
  const { prompt: given, echo, logprobs, suffix, best_of: best, ...rest } = body;
  const prompt: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (typeof prompt !== "string") {
    const hint = Array.isArray(given) ? "Send a request for each text; tokens are not taken." : undefined;
    throw refuse("prompt", `is ${describe(given)}, and must be a text`, hint);
  }
  if (echo === true) throw refuse("echo", "is true, and the prompt is not answered with", "Put it before the answer.");
  if (isGiven(logprobs)) throw refuse("logprobs", "is given, and chances of tokens are not told");
  if (isGiven(suffix) && suffix !== "") throw refuse("suffix", "is given, and a text is gone on with at its end alone");
  if (isGiven(best) && best !== 1) throw refuse("best_of", `is ${describe(best)}, and must be 1: a request has one answer`);
  return { prompt, ...readSampling({ ...rest, max_tokens: rest["max_tokens"] ?? MAX_TOKENS }) };
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;
