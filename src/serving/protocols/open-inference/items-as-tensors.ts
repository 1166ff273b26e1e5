import { servingErrors } from "../../errors.ts";
import type { PredictOptions } from "../../handlers/handler.ts";
import type { ModelServer } from "../../models/model-server.ts";
import type { Prediction } from "../../models/prediction.ts";
import type { SignedVersion } from "../../models/signed-version.ts";
import type { Signature } from "../../tensors/signature.ts";
import { Tensor, type Tensors } from "../../tensors/tensor.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { parseValue } from "../json-body.ts";

/*
 * How it works: a model without tensors, a handler's functions, one in Python or a pipeline, takes items. Here they travel in one
 * tensor of texts, each of which is an item as JSON, and their answers travel back in another.
 */

/** What a model of items takes and gives here. */
export const itemsSignature: Signature = {
  inputs: [{ name: "items", datatype: "BYTES", shape: [-1] }],
  outputs: [{ name: "answers", datatype: "BYTES", shape: [-1] }],
};

/** What a version takes and gives here: its own tensors, or items as texts. */
export function spokenSignature({ signature, infers }: SignedVersion): Signature {
  return infers && signature !== undefined ? signature : itemsSignature;
}

/** Answers tensors that were held against the version's `spokenSignature`. */
export async function answerTensors(
  models: ModelServer,
  { name, tensors, infers }: { name: string; tensors: Tensors; infers: boolean },
  options: PredictOptions,
): Promise<Prediction<Tensors>> {
  if (infers) return models.infer(name, tensors, options);
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
    return parseValue(Buffer.from(text), undefined);
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
