import { type HttpRequest, type HttpResponse, json, type ServerEvent } from "#http";
import { servingErrors } from "../../errors.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import { formatSpecs, type Signature } from "../../tensors/signature.ts";
import { describe } from "../../tensors/read-json.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { type ProtocolOptions, tokenAuthorizerOf } from "../access.ts";
import { askOf } from "../ask-of.ts";
import { bodyBytes } from "../body-bytes.ts";
import { errorToTell } from "../error-to-tell.ts";
import { eventsAnswer } from "../events-answer.ts";
import { parseObject } from "../json-body.ts";
import { predictionHeaders, streamHeaders } from "../prediction-headers.ts";
import { parameterObject, readParameters, reservedParameters } from "../../bodies/open-inference/infer-parameters.ts";
import { openInferenceError } from "./open-inference-view.ts";
import { findModel, type Params } from "./tensor-model.ts";
import { demandWhole, endOf, type TextPart, textParts, textQuestion, wholeText } from "./text-generation.ts";

/*
 * How it works: the keys of a generate request are one item: through the handler where the model has one, else the model's
 * own inputs, where a single value stands for a tensor of one element. The answer is written the same way. A model that
 * writes text is asked with `text_input` and answers `text_output`.
 */

/** `POST …/generate`: one item in, one answer out. */
export async function generateView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { id, item, ask, question } = await readGenerate(request, params, options);
  if (question) {
    demandWhole(question);
    const pieces = await request.services.models.stream(params.name, item, ask);
    const answer = answerOf(textFields(await wholeText(pieces, question)), { id, ...pieces });
    return json(answer, { headers: streamHeaders(pieces) });
  }
  const prediction = await request.services.models.predict(params.name, [item], ask);
  return json(answerOf(prediction.outputs[0], { id, ...prediction }), { headers: predictionHeaders(prediction) });
}

/** `POST …/generate_stream`: the same answer piece by piece, as server-sent events. */
export async function generateStreamView(request: HttpRequest, params: Params, options: ProtocolOptions): Promise<HttpResponse> {
  const { id, item, ask, question } = await readGenerate(request, params, options);
  const pieces = await request.services.models.stream(params.name, item, ask);
  const parts = question ? textFieldsOf(textParts(pieces, question)) : pieces;
  return eventsAnswer(request, pieces, events(parts, { id, ...pieces }, request));
}

async function* events(parts: AsyncIterable<unknown>, head: AnswerHead, request: HttpRequest): AsyncGenerator<ServerEvent> {
  try {
    for await (const part of parts) yield { data: answerOf(part, head) };
  } catch (error) {
    // The answer has begun with status 200, so that the stream itself says what went wrong.
    yield { data: { error: openInferenceError(errorToTell(error, request, head.model)) } };
  }
}

async function* textFieldsOf(parts: AsyncIterable<TextPart>): AsyncGenerator<object> {
  for await (const part of parts) yield textFields(part);
}

const textFields = ({ text, sofar }: TextPart): object => ({ text_output: text, ...(sofar && endOf(sofar)) });

async function readGenerate(request: HttpRequest, params: Params, options: ProtocolOptions) {
  const { models } = request.services;
  const model = findModel(models, params);
  await tokenAuthorizerOf(request, options).authorize(request, "predict", model);
  const asked = askOf(request, params);
  const { signature, version } = await models.signature(params.name, asked);
  const { id, parameters, ...values } = parseObject(request, await bodyBytes(request), signature);
  if (id !== undefined && typeof id !== "string" && typeof id !== "number")
    throw servingErrors.SERVING_BAD_INPUT({ where: "id", problem: `is ${describe(id)}, and must be a string` });
  const given = { ...parameterObject(parameters, "parameters"), ...values };
  const { ask } = readParameters(parameters);
  const hasItems = ownItems(model) || signature === undefined;
  const named = hasItems ? without(given, reservedParameters) : given;
  // What a model does may be known only once it is loaded.
  const question = hasItems ? textQuestion(models.describe(params.name), named) : undefined;
  const item = question?.item ?? (hasItems ? named : tensorItem(given, signature!));
  return { id: id === undefined ? undefined : String(id), item, question, ask: { ...asked, version, ...ask } };
}

/** True where the handler's own code reads items. */
function ownItems({ handler }: ModelInfo): boolean {
  const { input, preprocess, inference, runtime } = handler?.options ?? {};
  return Boolean(input ?? preprocess ?? inference ?? runtime);
}

function without(given: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));
}

/** An item of the model's own inputs; what else was given is a parameter, and not the model's. */
function tensorItem(given: Record<string, unknown>, { inputs }: Signature): Record<string, unknown> {
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      if (!Object.hasOwn(given, name)) {
        const problem = `is missing; the model takes ${formatSpecs(inputs)}`;
        throw servingErrors.SERVING_BAD_INPUT({ where: name, problem });
      }
      return [name, nestTo(given[name], shape[0] === -1 ? shape.length - 1 : shape.length)];
    }),
  );
}

/** A value in as many arrays as its tensor is deep. */
function nestTo(value: unknown, depth: number): unknown {
  let levels = 0;
  for (let part = value; Array.isArray(part) && levels < depth; part = part[0]) levels++;
  let nested = value;
  for (; levels < depth; levels++) nested = [nested];
  return nested;
}

/** What every part of an answer has. */
interface AnswerHead {
  id: string | undefined;
  model: string;
  version: string;
}

/** The answer: the keys of an object, an only element by itself, and anything else as `text_output`. */
function answerOf(output: unknown, { id, model, version }: AnswerHead): Record<string, unknown> {
  const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
  const safe = jsonSafe(isObject ? output : { text_output: output }) as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(safe).map(([name, value]) => [name, unnested(value)]));
  return { ...(id === undefined ? {} : { id }), model_name: model, model_version: version, ...own };
}

function unnested(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? unnested(value[0]) : value;
}
