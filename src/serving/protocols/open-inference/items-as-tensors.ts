import { parseJson } from "#http";
import { servingErrors } from "../../errors.ts";
import type { PredictOptions } from "../../handlers/handler.ts";
import type { ModelServer } from "../../models/model-server.ts";
import type { Prediction } from "../../models/prediction.ts";
import type { SignedVersion } from "../../models/signed-version.ts";
import type { Signature } from "../../tensors/signature.ts";
import { MOST_LEVELS } from "../../tensors/structure-problem.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { writesText } from "./text-generation.ts";
import { answerText, questionOfTensors, textSignature, textSignatureOf } from "./text-tensors.ts";

/*
 * How it works: a model without tensors, a handler's functions, one in Python or a pipeline, takes items. Here they travel in one
 * tensor of texts, each of which is an item as JSON, and their answers travel back in another. A model that writes text is asked
 * with `text_input` besides.
 */

/** What a model of items takes and gives here. */
export const itemsSignature: Signature = {
  inputs: [{ name: "items", datatype: "BYTES", shape: [-1] }],
  outputs: [{ name: "answers", datatype: "BYTES", shape: [-1] }],
};

/** What a version takes and gives here: its own tensors, a text where it writes one, or items as texts. */
export function spokenSignature(models: ModelServer, name: string, { signature, infers }: SignedVersion): Signature {
  if (infers && signature !== undefined) return signature;
  return writesText(models.describe(name)) ? textSignature : itemsSignature;
}

/** That of a request with these inputs: who writes text takes items, too. */
export function askedSignature(spoken: Signature, inputs: unknown): Signature {
  if (spoken !== textSignature) return spoken;
  const isItems = Array.isArray(inputs) && inputs.length === 1 && (inputs[0] as { name?: unknown } | null)?.name === "items";
  return isItems ? itemsSignature : textSignatureOf(inputs);
}

/** Tensors that were held against the `askedSignature`, and the request's own parameters. */
export interface TensorQuestion {
  name: string;
  tensors: Tensors;
  infers: boolean;
  parameters: unknown;
}

/** Answers tensors. */
export async function answerTensors(
  models: ModelServer,
  { name, tensors, infers, parameters }: TensorQuestion,
  options: PredictOptions,
): Promise<Prediction<Tensors>> {
  if (infers) return models.infer(name, tensors, options);
  if (tensors["items"] === undefined || tensors["text_input"] !== undefined) {
    const question = questionOfTensors(models.describe(name), tensors, parameters);
    return answerText(models, { name, question }, options);
  }
  const prediction = await models.predict(name, itemsOf(tensors), options);
  return { ...prediction, outputs: [answersTensor(prediction.outputs)] };
}

/** The items in a tensor of texts. @throws SERVING_BAD_INPUT */
function itemsOf(tensors: Tensors): unknown[] {
  const texts = tensors["items"]!.data as string[];
  if (texts.length === 0)
    throw servingErrors.SERVING_BAD_INPUT({ where: "items", problem: "has no item, and takes one or more" });
  return texts.map((text, i) => itemOf(text, `items[${i}]`));
}

/** An item that came as text. @throws SERVING_BAD_INPUT */
export function itemOf(text: string, where: string): unknown {
  try {
    return parseJson(Buffer.from(text), MOST_LEVELS);
  } catch (error) {
    const problem = `is not an item as JSON: ${(error as Error).message.replace(/\.$/, "")}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem, hint: 'A text stands in quotes: "\\"tea\\"".' });
  }
}

/** Answers as texts. */
export function answersTensor(answers: readonly unknown[]): Tensors {
  const texts = answers.map((answer) => JSON.stringify(jsonSafe(answer)) ?? "null");
  return { answers: new Tensor("BYTES", [texts.length], texts) };
}
