import { parameterObject, reservedParameters } from "../../bodies/open-inference/infer-parameters.ts";
import type { PredictOptions } from "../../handlers/handler.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import type { Prediction } from "../../models/prediction.ts";
import { findDatatype } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import { elementCount, Tensor, type Tensors } from "../../tensors/tensor.ts";
import { finishReasonOf } from "../openai/chat-piece.ts";
import { demandWhole, type TextPart, textParts, type TextQuestion, textQuestion, wholeText } from "./text-generation.ts";

/*
 * How it works: a model that writes text is asked by tensors with `text_input`, as by `generate`. What else it takes there comes
 * as further inputs of one element, or as the request's parameters.
 */

/** What a model that writes text is asked by, and answers. */
export const textSignature: Signature = {
  inputs: [{ name: "text_input", datatype: "BYTES", shape: [-1] }],
  outputs: [
    { name: "text_output", datatype: "BYTES", shape: [-1] },
    { name: "finish_reason", datatype: "BYTES", shape: [-1] },
  ],
};

/** The signature of a request with these inputs, whose names are for the model to refuse. */
export function textSignatureOf(inputs: unknown): Signature {
  const given = (Array.isArray(inputs) ? inputs : []).map(specOf).filter((spec) => spec !== undefined);
  const hasText = given.some(({ name }) => name === "text_input");
  return { inputs: hasText ? given : [...textSignature.inputs, ...given], outputs: textSignature.outputs };
}

function specOf(input: { name?: unknown; datatype?: unknown; shape?: unknown } | null): TensorSpec | undefined {
  const { name, datatype, shape } = input ?? {};
  if (typeof name !== "string") return undefined;
  const known = typeof datatype === "string" ? findDatatype(datatype) : undefined;
  return { name, datatype: known ?? "BYTES", shape: Array.isArray(shape) ? shape.map(() => -1) : [-1] };
}

/** What is asked by tensors, and by parameters beside them. @throws SERVING_BAD_INPUT */
export function questionOfTensors(model: ModelInfo, tensors: Tensors, parameters: unknown): TextQuestion {
  const values = Object.entries(tensors).map(([name, value]) => [name, plainValue(value)]);
  const wishes = Object.entries(parameterObject(parameters, "parameters")).filter(([name]) => !reservedParameters.includes(name));
  return textQuestion(model, Object.fromEntries([...wishes, ...values]))!;
}

/** One element as itself, several as a list. */
function plainValue({ shape, datatype, data }: Tensor): unknown {
  const listed = new Tensor(datatype, [elementCount(shape)], data).toNested() as unknown[];
  const plain = listed.map((value) => (typeof value === "bigint" ? Number(value) : value));
  return plain.length === 1 ? plain[0] : plain;
}

/** The whole answer to a question. */
export async function answerText(
  models: ModelServer,
  { name, question }: { name: string; question: TextQuestion },
  options: PredictOptions,
): Promise<Prediction<Tensors>> {
  demandWhole(question);
  const started = performance.now();
  const pieces = await models.stream(name, question.item, options);
  const whole = await wholeText(pieces, question);
  const { model, version, queued } = pieces;
  const ran = performance.now() - started - queued;
  return { model, version, outputs: [tensorsOf(whole)], queued, ran, batch: 1, cached: false };
}

/** The texts of an answer as they come, and at last why it ended; or all of it in one piece, where that is asked. */
export async function* textTensors(pieces: AsyncIterable<unknown>, question: TextQuestion): AsyncGenerator<Tensors> {
  for await (const part of textParts(pieces, question)) yield tensorsOf(part);
}

function tensorsOf({ text, sofar }: TextPart): Tensors {
  return { text_output: texts(text), ...(sofar && { finish_reason: texts(finishReasonOf(sofar)) }) };
}

const texts = (text: string): Tensor => new Tensor("BYTES", [1], [text]);
