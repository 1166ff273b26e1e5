import { reservedParameters } from "../../bodies/open-inference/infer-parameters.ts";
import { readShape } from "../../bodies/open-inference/infer-request.ts";
import { answersTensor, itemOf } from "../../protocols/open-inference/items-as-tensors.ts";
import { writesText } from "../../protocols/open-inference/text-generation.ts";
import { questionOfTensors, textTensors } from "../../protocols/open-inference/text-tensors.ts";
import type { ModelInfo } from "../../models/model-info.ts";
import { jsonSafe } from "../../tensors/write-json.ts";
import { findDatatype, type Datatype } from "../../tensors/datatypes.ts";
import { elementCount, type Nested, noTensors, Tensor, tensor, type Tensors } from "../../tensors/tensor.ts";
import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { hasRawContents, readElements } from "./infer-messages.ts";
import { type ModelInferRequest, numberOf, plainParameters } from "./messages.ts";

/**
 * How it works: a model without tensors of its own, a handler's functions or one in Python, takes items. Over a stream its
 * item is the text of JSON in the tensor `items`, as it is for one answer; or it is made of the request's inputs and parameters
 * by their names, and a tensor of one element is a bare value. What it answers becomes tensors again: `answers`, or by names: a
 * text is BYTES, a number FP64, and what has no tensor is JSON in BYTES.
 */

/** An item, and what makes tensors of the pieces of its answer. */
export interface ItemQuestion {
  item: unknown;
  answers(pieces: AsyncIterable<unknown>): AsyncIterable<Tensors>;
}

/** What a request asks the model. @throws SERVING_BAD_INPUT */
export function itemOfRequest(request: ModelInferRequest, model: ModelInfo): ItemQuestion {
  const { tensors, parameters } = namedTensors(request);
  if (tensors["text_input"] && writesText(model)) {
    const question = questionOfTensors(model, tensors, parameters);
    return { item: question.item, answers: (pieces) => textTensors(pieces, question) };
  }
  const { item, written } = plainItem(request, namedItem(tensors, parameters));
  return {
    item,
    async *answers(pieces) {
      for await (const piece of pieces) yield written(piece);
    },
  };
}

function plainItem(
  request: ModelInferRequest,
  named: Record<string, unknown>,
): { item: unknown; written: (piece: unknown) => Tensors } {
  const { items } = named;
  const isWhole = request.inputs.length === 1 && request.inputs[0]!.name === "items" && request.inputs[0]!.datatype === "BYTES";
  if (!isWhole) return { item: named, written: tensorsOfItem };
  if (typeof items === "string") return { item: itemOf(items, "items[0]"), written: (piece) => answersTensor([piece]) };
  const problem = `has ${(items as unknown[]).length} items; over a stream each request takes one`;
  throw servingErrors.SERVING_BAD_INPUT({ where: "items", problem });
}

function namedTensors(request: ModelInferRequest): { tensors: Tensors; parameters: Record<string, unknown> } {
  const isRaw = hasRawContents(request);
  const tensors = noTensors();
  for (const [i, input] of request.inputs.entries()) {
    const where = `inputs[${i}]`;
    const datatype = findDatatype(input.datatype);
    if (datatype === undefined) {
      const problem = `is ${describe(input.datatype)}, and there is no such type`;
      throw servingErrors.SERVING_BAD_INPUT({ where: `${where}.datatype`, problem });
    }
    const shape = readShape(input.shape.map(numberOf), `${where}.shape`);
    const raw = isRaw ? request.raw_input_contents[i] : undefined;
    tensors[input.name] = readElements(input, { datatype, shape, where, raw });
  }
  const parameters = Object.entries(plainParameters(request.parameters)).filter(
    ([name]) => !reservedParameters.includes(name) && !name.startsWith("triton_"),
  );
  return { tensors, parameters: Object.fromEntries(parameters) };
}

/** An item of the values that a request names. */
function namedItem(tensors: Tensors, parameters: Record<string, unknown>): Record<string, unknown> {
  const values = Object.entries(tensors).map(([name, value]) => [name, bareValue(value)]);
  return { ...parameters, ...Object.fromEntries(values) };
}

function bareValue(given: Tensor): Nested {
  return elementCount(given.shape) === 1 ? new Tensor(given.datatype, [], given.data).toNested() : given.toNested();
}

/** A piece of an answer as tensors: each key of an object, anything else as `text_output`. */
function tensorsOfItem(piece: unknown): Tensors {
  const isObject = typeof piece === "object" && piece !== null && !Array.isArray(piece) && !(piece instanceof Tensor);
  const entries = Object.entries(isObject ? piece : { text_output: piece });
  return Object.fromEntries(entries.map(([name, value]) => [name, tensorOf(value)]));
}

function tensorOf(value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  const shape = shapeOf(value);
  const elements = [value].flat(Number.POSITIVE_INFINITY) as (string | number | bigint | boolean)[];
  const datatype = elements.length === elementCount(shape) ? datatypeOf(elements) : undefined;
  return datatype === undefined
    ? tensor("BYTES", [JSON.stringify(jsonSafe(value)) ?? "null"])
    : tensor(datatype, elements, shape);
}

/** The sizes of arrays, read along their first elements; a bare value is one element. */
function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  for (let part = value; Array.isArray(part) && shape.length < 16; part = part[0]) shape.push(part.length);
  return shape.length === 0 ? [1] : shape;
}

const datatypeByType: Readonly<Record<string, Datatype>> = { string: "BYTES", number: "FP64", bigint: "INT64", boolean: "BOOL" };

function datatypeOf(elements: readonly unknown[]): Datatype | undefined {
  const type = typeof elements[0];
  return elements.every((element) => typeof element === type) ? datatypeByType[type] : undefined;
}
