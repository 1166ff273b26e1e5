import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";

/** How an answer is to be made. */
export interface SamplingItem {
  /** From 0 to 2. */
  temperature?: number;
  /** From 0 to 1. */
  topP?: number;
  /** The most tokens of the answer. */
  maxTokens?: number;
  /** Texts at which the answer ends. */
  stop?: string[];
  seed?: number;
  /** Each token's chance is wanted, with those of so many of the likeliest in its place: `logprobs` of the answer. */
  logprobs?: number;
  /** Everything else that came, by the protocol's names: `tools`, `response_format`, … */
  options: Readonly<Record<string, unknown>>;
}

const refuse = (where: string, value: unknown, wanted: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem: `is ${describe(value)}, and must be ${wanted}` });

/**
 * Reads what a request says of its answer; the rest of it is `options`. `saidAs` has the words of the request where it has
 * others: `{ stop: "stop_words" }`. @throws SERVING_BAD_INPUT
 */
export function readSampling(
  body: Readonly<Record<string, unknown>>,
  saidAs: Readonly<Record<string, string>> = {},
): SamplingItem {
  const { model: _model, stream: _stream, stream_options: _streamOptions, ...rest } = body;
  const { temperature, top_p: topP, max_tokens, max_completion_tokens, stop, seed, n, ...options } = rest;
  if (n !== undefined && n !== null && n !== 1) throw refuse("n", n, "1: a request has one answer");
  const maxTokens = max_completion_tokens ?? max_tokens;
  const item: SamplingItem = { options };
  if (isGiven(temperature)) item.temperature = number(temperature, "temperature", 2);
  if (isGiven(topP)) item.topP = number(topP, "top_p", 1);
  if (isGiven(maxTokens))
    item.maxTokens = whole(maxTokens, isGiven(max_completion_tokens) ? "max_completion_tokens" : "max_tokens", 1);
  if (isGiven(seed)) item.seed = whole(seed, saidAs["seed"] ?? "seed", Number.MIN_SAFE_INTEGER);
  if (isGiven(stop)) item.stop = texts(stop, saidAs["stop"] ?? "stop");
  return item;
}

/** Null says nothing, as leaving it out does. */
export const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

function number(value: unknown, where: string, most: number): number {
  if (typeof value === "number" && value >= 0 && value <= most) return value;
  throw refuse(where, value, `a number from 0 to ${most}`);
}

function whole(value: unknown, where: string, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw refuse(where, value, least > 0 ? `a whole number from ${least}` : "a whole number");
}

function texts(value: unknown, where: string): string[] {
  const list = typeof value === "string" ? [value] : value;
  if (Array.isArray(list) && list.every((text) => typeof text === "string" && text !== "")) return list;
  throw refuse(where, value, "a text or an array of texts, none of them empty");
}
