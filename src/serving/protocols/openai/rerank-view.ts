import { randomUUID } from "node:crypto";
import { type HttpRequest, type HttpResponse, json } from "#http";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { Tensor } from "../../tensors/tensor.ts";
import type { ProtocolOptions } from "../access.ts";
import { readObject } from "../json-body.ts";
import { predictionHeaders } from "../prediction-headers.ts";
import { predictInParts } from "./predict-in-parts.ts";
import { rerankItems } from "./rerank-item.ts";
import { taskModel } from "./task-model.ts";

/** What a handler with `task: "rerank"` answers: a number, larger for what fits better, and how many tokens there were where it counts them. */
export type RerankAnswer = number | Tensor | { score: number | Tensor; tokens?: number };

/** `POST rerank`: texts in the order of how well they answer a question. */
export async function rerankView(request: HttpRequest, options: ProtocolOptions): Promise<HttpResponse> {
  const body = await readObject(request, undefined);
  const model = await taskModel(request, { asked: body["model"], task: "rerank" }, options);
  const { items, most, withDocuments } = rerankItems(body);
  const prediction = await predictInParts(request, model, items);
  const answers = prediction.outputs.map((output) => answerOf(output, model.name));
  const ranked = answers.map(({ score }, index) => ({ index, score })).sort((a, b) => b.score - a.score);
  const results = ranked.slice(0, most).map(({ index, score }) => ({
    index,
    relevance_score: score,
    ...(withDocuments && { document: { text: items[index]!.document } }),
  }));
  const counted = answers.filter(({ tokens }) => tokens !== undefined);
  const total = counted.reduce((sum, { tokens }) => sum + tokens!, 0);
  const usage = counted.length > 0 ? { usage: { prompt_tokens: total, total_tokens: total } } : {};
  const answer = { id: `rerank-${randomUUID()}`, model: model.asked, results, ...usage };
  return json(answer, { headers: predictionHeaders(prediction) });
}

function answerOf(output: unknown, model: string): { score: number; tokens?: number | undefined } {
  const { score, tokens } = isWrapped(output) ? output : { score: output, tokens: undefined };
  const number = score instanceof Tensor && score.data.length === 1 ? Number(score.data[0]) : score;
  if (typeof number === "number" && Number.isFinite(number)) return { score: number, tokens };
  const problem = `gave ${describe(score)} for a text; it must give a number that is finite`;
  throw servingErrors.SERVING_BAD_OUTPUT({ model, step: "answer", problem });
}

function isWrapped(output: unknown): output is { score: unknown; tokens?: number } {
  return typeof output === "object" && output !== null && "score" in output;
}
