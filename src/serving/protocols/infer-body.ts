import { didYouMean } from "#kernel";
import { servingErrors } from "../errors.ts";
import { findDatatype } from "../tensors/datatypes.ts";
import { checkNames } from "../tensors/items.ts";
import { describe, tensorFromElements } from "../tensors/read-json.ts";
import { formatShape, misfit, type Signature } from "../tensors/signature.ts";
import type { Tensor, Tensors } from "../tensors/tensor.ts";
import { jsonElements } from "../tensors/write-json.ts";

/** What an inference request asks for. */
export interface InferRequest {
  id?: string;
  tensors: Tensors;
  /** The outputs to answer, in this order. */
  outputs: readonly string[];
}

/** The most elements of one tensor; more would not fit a body anyway. */
const MOST_ELEMENTS = 2 ** 26;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads an inference request and holds it against the signature. @throws SERVING_BAD_INPUT */
export function inferRequest(body: Record<string, unknown>, signature: Signature): InferRequest {
  const { id, inputs, outputs } = body;
  if (id !== undefined && typeof id !== "string") throw refuse("id", `is ${describe(id)}, and must be a string`);
  if (!Array.isArray(inputs)) throw refuse("inputs", `is ${describe(inputs)}, and must be an array of tensors`);
  const tensors: Tensors = Object.create(null) as Tensors;
  const given = inputs.map((input, i) => inputName(input, i));
  const twice = given.find((name, i) => given.indexOf(name) !== i);
  if (twice !== undefined) throw refuse("inputs", `has "${twice}" twice`);
  checkNames(given, signature.inputs, "inputs");
  for (const [i, spec] of signature.inputs.entries()) {
    const at = given.indexOf(spec.name);
    tensors[spec.name] = readTensor(inputs[at] as Record<string, unknown>, signature.inputs[i]!, `inputs[${at}]`);
  }
  return { ...(id === undefined ? {} : { id }), tensors, outputs: requestedOutputs(outputs, signature) };
}

function inputName(input: unknown, index: number): string {
  const name = (input as { name?: unknown } | null)?.name;
  if (typeof name === "string") return name;
  throw refuse(`inputs[${index}].name`, `is ${describe(name)}, and must be a string`);
}

function readTensor(input: Record<string, unknown>, spec: Signature["inputs"][number], where: string): Tensor {
  const { datatype, shape, data } = input;
  const known = typeof datatype === "string" ? findDatatype(datatype) : undefined;
  if (known !== spec.datatype) {
    throw refuse(`${where}.datatype`, `is ${describe(datatype)}, and the model takes ${spec.datatype} for "${spec.name}"`);
  }
  if (spec.datatype === "FP16") throw refuse(where, "is FP16, which has no form in JSON");
  const tensor = tensorFromElements(data, {
    datatype: spec.datatype,
    shape: readShape(shape, `${where}.shape`),
    where: `${where}.data`,
  });
  const problem = misfit(spec, tensor);
  if (problem) throw refuse(`${where} ("${spec.name}")`, problem);
  return tensor;
}

/** A shape whose product is looked at before anything of that size is made. */
function readShape(shape: unknown, where: string): number[] {
  const valid = Array.isArray(shape) && shape.length <= 16 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!valid)
    throw refuse(
      where,
      `is ${Array.isArray(shape) ? formatShape(shape) : describe(shape)}, and must be an array of whole numbers from 0`,
    );
  let count = 1;
  for (const size of shape as number[]) {
    count *= size;
    if (count > MOST_ELEMENTS)
      throw refuse(where, `is ${formatShape(shape as number[])}, which holds more than ${MOST_ELEMENTS} elements`);
  }
  return shape as number[];
}

function requestedOutputs(outputs: unknown, signature: Signature): string[] {
  const known = signature.outputs.map((spec) => spec.name);
  if (outputs === undefined) return known;
  if (!Array.isArray(outputs)) throw refuse("outputs", `is ${describe(outputs)}, and must be an array`);
  if (outputs.length === 0) return known;
  const names = outputs.map((output, i) => {
    const name = (output as { name?: unknown } | null)?.name;
    if (typeof name !== "string") throw refuse(`outputs[${i}].name`, `is ${describe(name)}, and must be a string`);
    if (!known.includes(name))
      throw refuse("outputs", `has "${name}"; the model gives ${known.join(", ")}`, didYouMean(name, known));
    return name;
  });
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw refuse("outputs", `has "${twice}" twice`);
  return names;
}

/** The answer to an inference request. */
export function inferResponse(
  tensors: Tensors,
  request: InferRequest,
  { model, version }: { model: string; version: string },
): object {
  return {
    model_name: model,
    model_version: version,
    ...(request.id === undefined ? {} : { id: request.id }),
    outputs: request.outputs.map((name) => {
      const tensor = tensors[name]!;
      if (tensor.datatype === "FP16") throw refuse(`outputs ("${name}")`, "is FP16, which has no form in JSON");
      return { name, datatype: tensor.datatype, shape: tensor.shape, data: jsonElements(tensor) };
    }),
  };
}
