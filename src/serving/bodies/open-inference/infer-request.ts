import { didYouMean } from "#kernel";
import type { AskOptions } from "../../engines/engine.ts";
import { servingErrors } from "../../errors.ts";
import { type Datatype, findDatatype, isRawOnly } from "../../tensors/datatypes.ts";
import { checkNames } from "../../tensors/items.ts";
import { tensorFromBytes } from "../../tensors/bytes.ts";
import { describe, tensorFromElements } from "../../tensors/read-json.ts";
import { repeatedName } from "../../tensors/repeated-name.ts";
import { formatShape, misfit, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import { type InferParameters, parameterObject, readParameters } from "./infer-parameters.ts";

/** An output that is to be answered. */
export interface RequestedOutput {
  name: string;
  /** As bytes after the JSON, in place of numbers in it. */
  binary: boolean;
  /** The best so many classes in place of the tensor. */
  classes?: number;
}

/** What an inference request asks for. */
export interface InferRequest {
  id?: string;
  tensors: Tensors;
  /** The outputs to answer, in this order. */
  outputs: readonly RequestedOutput[];
  ask: AskOptions;
  /** What it was held against. */
  signature: Signature;
  /** Its parameters as they came. */
  parameters: unknown;
}

/** The most elements of one tensor; more would not fit a body anyway. */
const MOST_ELEMENTS = 2 ** 26;
/** The most rows of an empty tensor: they take no bytes of a body, and one each of nested arrays. */
const MOST_EMPTY_ROWS = 2 ** 16;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/**
 * Reads an inference request and holds it against the signature. `bytes` are what follows the JSON: the tensors that say
 * `binary_data_size`, in the order of the inputs.
 * @throws SERVING_BAD_INPUT
 */
export function inferRequest(body: Record<string, unknown>, signature: Signature, bytes?: Uint8Array): InferRequest {
  const { id, inputs, outputs, parameters } = body;
  if (id !== undefined && typeof id !== "string") throw refuse("id", `is ${describe(id)}, and must be a string`);
  if (!Array.isArray(inputs)) throw refuse("inputs", `is ${describe(inputs)}, and must be an array of tensors`);
  const given = inputs.map((input, i) => inputName(input, i));
  const twice = repeatedName(given);
  if (twice !== undefined) throw refuse("inputs", `has "${twice}" twice`);
  checkNames(given, signature.inputs, "inputs");
  const rest = new BinaryPart(bytes);
  const tensors = noTensors();
  for (const [i, name] of given.entries()) {
    const spec = signature.inputs.find((each) => each.name === name)!;
    tensors[name] = readTensor(inputs[i] as Record<string, unknown>, spec, { where: `inputs[${i}]`, rest });
  }
  rest.end();
  const wanted = readParameters(parameters);
  return {
    ...(id === undefined ? {} : { id }),
    tensors,
    outputs: requestedOutputs(outputs, signature, wanted),
    ask: wanted.ask,
    signature,
    parameters,
  };
}

/** The bytes after the JSON, taken tensor by tensor. */
class BinaryPart {
  readonly #bytes: Uint8Array | undefined;
  #at = 0;

  constructor(bytes: Uint8Array | undefined) {
    this.#bytes = bytes;
  }

  take(size: unknown, where: string): Uint8Array {
    const place = `${where}.parameters.binary_data_size`;
    if (!Number.isSafeInteger(size) || (size as number) < 0)
      throw refuse(place, `is ${describe(size)}, and must be a whole number from 0`);
    if (this.#bytes === undefined)
      throw refuse(place, "is given, and the request has no header Inference-Header-Content-Length to say where bytes begin");
    const left = this.#bytes.byteLength - this.#at;
    if ((size as number) > left) throw refuse(place, `is ${String(size)}, and ${left} bytes are left after the JSON`);
    this.#at += size as number;
    return this.#bytes.subarray(this.#at - (size as number), this.#at);
  }

  end(): void {
    const left = (this.#bytes?.byteLength ?? 0) - this.#at;
    if (left > 0) throw refuse("The body", `has ${left} bytes after the JSON that no input says are its own`);
  }
}

function inputName(input: unknown, index: number): string {
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw refuse(`inputs[${index}]`, `is ${describe(input)}, and must be an object`);
  const { name } = input as { name?: unknown };
  if (typeof name === "string") return name;
  throw refuse(`inputs[${index}].name`, `is ${describe(name)}, and must be a string`);
}

function readTensor(
  input: Record<string, unknown>,
  spec: TensorSpec,
  { where, rest }: { where: string; rest: BinaryPart },
): Tensor {
  const { datatype, data } = input;
  const known = typeof datatype === "string" ? findDatatype(datatype) : undefined;
  if (known !== spec.datatype) {
    throw refuse(`${where}.datatype`, `is ${describe(datatype)}, and the model takes ${spec.datatype} for "${spec.name}"`);
  }
  const shape = readShape(input["shape"], `${where}.shape`);
  const { binary_data_size: size, shared_memory_region: region } = parameterObject(input["parameters"], `${where}.parameters`);
  if (region !== undefined) throw refuse(`${where}.parameters`, "names a region of shared memory, which is not served");
  const wanted = { datatype: spec.datatype, shape, where: size === undefined ? `${where}.data` : where };
  const tensor = size === undefined ? fromJson(data, wanted) : fromBytes(input, rest.take(size, where), wanted);
  const problem = misfit(spec, tensor);
  if (problem) throw refuse(`${where} ("${spec.name}")`, problem);
  return tensor;
}

interface Wanted {
  datatype: Datatype;
  shape: number[];
  where: string;
}

function fromJson(data: unknown, wanted: Wanted): Tensor {
  const { datatype, where } = wanted;
  if (isRawOnly(datatype)) throw refuse(where, `is ${datatype}, which has no form in JSON`, "Send its bytes.");
  // A large body's numbers were read as a tensor where they stood.
  return data instanceof Tensor ? data : tensorFromElements(data, wanted);
}

function fromBytes(input: Record<string, unknown>, bytes: Uint8Array, wanted: Wanted): Tensor {
  if ("data" in input) throw refuse(`${wanted.where}.data`, "is given beside binary_data_size; a tensor is one or the other");
  return tensorFromBytes(bytes, wanted);
}

/** A shape whose product is looked at before anything of that size is made. @throws SERVING_BAD_INPUT */
export function readShape(shape: unknown, where: string): number[] {
  const valid = Array.isArray(shape) && shape.length <= 16 && shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!valid)
    throw refuse(
      where,
      `is ${Array.isArray(shape) ? formatShape(shape) : describe(shape)}, and must be an array of whole numbers from 0`,
    );
  let count = 1;
  for (const size of shape as number[]) {
    if (size === 0 && count > MOST_EMPTY_ROWS)
      throw refuse(where, `is ${formatShape(shape as number[])}, which holds nothing in more than ${MOST_EMPTY_ROWS} rows`);
    count *= size;
    if (count > MOST_ELEMENTS)
      throw refuse(where, `is ${formatShape(shape as number[])}, which holds more than ${MOST_ELEMENTS} elements`);
  }
  return shape as number[];
}

export function requestedOutputs(outputs: unknown, signature: Signature, { binary }: InferParameters): RequestedOutput[] {
  const known = signature.outputs.map((spec) => spec.name);
  if (outputs !== undefined && !Array.isArray(outputs)) throw refuse("outputs", `is ${describe(outputs)}, and must be an array`);
  if (outputs === undefined || outputs.length === 0) return known.map((name) => ({ name, binary }));
  const wanted = outputs.map((output: unknown, i) => {
    const { name, parameters } = (output ?? {}) as { name?: unknown; parameters?: unknown };
    if (typeof name !== "string") throw refuse(`outputs[${i}].name`, `is ${describe(name)}, and must be a string`);
    if (!known.includes(name))
      throw refuse("outputs", `has "${name}"; the model gives ${known.join(", ")}`, didYouMean(name, known));
    return { name, ...outputForm(parameterObject(parameters, `outputs[${i}].parameters`), `outputs[${i}]`, binary) };
  });
  const twice = repeatedName(wanted.map(({ name }) => name));
  if (twice !== undefined) throw refuse("outputs", `has "${twice}" twice`);
  return wanted;
}

function outputForm(parameters: Record<string, unknown>, where: string, byDefault: boolean): Omit<RequestedOutput, "name"> {
  const { binary_data: binary = byDefault, classification: classes = 0, shared_memory_region: region } = parameters;
  if (region !== undefined) throw refuse(`${where}.parameters`, "names a region of shared memory, which is not served");
  if (typeof binary !== "boolean")
    throw refuse(`${where}.parameters.binary_data`, `is ${describe(binary)}, and must be true or false`);
  if (!Number.isSafeInteger(classes) || (classes as number) < 0)
    throw refuse(`${where}.parameters.classification`, `is ${describe(classes)}, and must be a whole number from 0`);
  return { binary, ...(classes === 0 ? {} : { classes: classes as number }) };
}
