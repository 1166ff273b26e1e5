import { type HttpRequest, type HttpResponse, json } from "#http";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { Tensor } from "../../tensors/tensor.ts";
import type { ProtocolOptions } from "../access.ts";
import { readObject } from "../json-body.ts";
import { predictionHeaders } from "../prediction-headers.ts";
import { predictInParts } from "./predict-in-parts.ts";
import { taskModel } from "./task-model.ts";

/** What a handler with `task: "embeddings"` answers for a text: its numbers, and how many tokens it had where it counts them. */
export type EmbeddingAnswer = ArrayLike<number> | Tensor | { embedding: ArrayLike<number> | Tensor; tokens?: number };

/** The most texts of one request. */
const MOST_INPUTS = 2048;

const refuse = (where: string, problem: string): Error => servingErrors.SERVING_BAD_INPUT({ where, problem });

/** `POST embeddings`: the numbers of texts, as numbers or as base64 of their bytes. */
export async function embeddingsView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const { model, input, encoding_format: format = "float", dimensions } = await readObject(request, undefined);
  const found = await taskModel(request, { asked: model, task: "embeddings" }, options);
  const items = itemsOf(input);
  if (format !== "float" && format !== "base64")
    throw refuse("encoding_format", `is ${describe(format)}, and must be "float" or "base64"`);
  const prediction = await predictInParts(request, found, items);
  const answers = prediction.outputs.map((output) => answerOf(output, found.name));
  const tokens = answers.reduce((sum, answer) => sum + (answer.tokens ?? 0), 0);
  const data = answers.map(({ embedding }, index) => {
    const numbers = shortened(finite(embedding, found.name), dimensions);
    return { object: "embedding", index, embedding: format === "float" ? [...numbers] : base64Of(numbers) };
  });
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return json({ object: "list", data, model: found.asked, usage }, { headers: predictionHeaders(prediction) });
}

/** Texts, or texts as tokens: one or several. @throws SERVING_BAD_INPUT */
function itemsOf(input: unknown): readonly unknown[] {
  const wanted = "a text, an array of texts, or arrays of tokens";
  if (typeof input === "string") return [input];
  if (!Array.isArray(input) || input.length === 0) throw refuse("input", `is ${describe(input)}, and must be ${wanted}`);
  if (input.every(isToken)) return [input];
  if (input.length > MOST_INPUTS) throw refuse("input", `has ${input.length} texts, and a request has at most ${MOST_INPUTS}`);
  for (const [i, text] of input.entries()) {
    const isTokens = Array.isArray(text) && text.length > 0 && text.every(isToken);
    if (typeof text !== "string" && !isTokens)
      throw refuse(`input[${i}]`, `is ${describe(text)}, and must be a text or its tokens`);
  }
  return input;
}

const isToken = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function answerOf(output: unknown, model: string): { embedding: ArrayLike<number>; tokens?: number | undefined } {
  const { embedding, tokens } = isWrapped(output) ? output : { embedding: output, tokens: undefined };
  const numbers = embedding instanceof Tensor ? embedding.numbers() : embedding;
  if (Array.isArray(numbers) ? numbers.every((value) => typeof value === "number") : ArrayBuffer.isView(numbers))
    return { embedding: numbers as ArrayLike<number>, tokens };
  const problem = `gave ${describe(embedding)} for a text; it must give an array of numbers`;
  throw servingErrors.SERVING_BAD_OUTPUT({ model, step: "answer", problem });
}

function isWrapped(output: unknown): output is { embedding: unknown; tokens?: number } {
  return typeof output === "object" && output !== null && "embedding" in output;
}

/** As floats, which clients compare: there is no comparing with what is no number, and JSON has none. @throws SERVING_BAD_OUTPUT */
function finite(embedding: ArrayLike<number>, model: string): Float32Array {
  const all = Float32Array.from(embedding);
  const odd = all.findIndex((value) => !Number.isFinite(value));
  if (odd < 0) return all;
  const problem = `gave ${all[odd]} as number ${odd} of an embedding; it must give finite numbers`;
  throw servingErrors.SERVING_BAD_OUTPUT({ model, step: "answer", problem });
}

/** The first so many numbers, made as long as one again: what a model that was trained for it means by fewer dimensions. */
function shortened(all: Float32Array, dimensions: unknown): Float32Array {
  if (dimensions === undefined || dimensions === null || dimensions === all.length) return all;
  if (!Number.isSafeInteger(dimensions) || (dimensions as number) < 1 || (dimensions as number) > all.length)
    throw refuse("dimensions", `is ${describe(dimensions)}, and must be a whole number from 1 to ${all.length}`);
  const part = all.subarray(0, dimensions as number);
  const length = Math.hypot(...part) || 1;
  return part.map((value) => value / length);
}

function base64Of({ buffer, byteOffset, byteLength }: Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
