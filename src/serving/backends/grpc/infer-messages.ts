import { isUtf8 } from "node:buffer";
import { servingErrors } from "../../errors.ts";
import { readParameters } from "../../bodies/open-inference/infer-parameters.ts";
import { type InferRequest, readShape, requestedOutputs } from "../../bodies/open-inference/infer-request.ts";
import { answeredTensor, type Answering } from "../../bodies/open-inference/infer-response.ts";
import { type Datatype, findDatatype, isRawOnly } from "../../tensors/datatypes.ts";
import { checkNames } from "../../tensors/items.ts";
import { tensorBytes, tensorFromBytes } from "../../tensors/bytes.ts";
import { describe, tensorFromElements } from "../../tensors/read-json.ts";
import { repeatedName } from "../../tensors/repeated-name.ts";
import { misfit, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { noTensors, type Tensor, type Tensors } from "../../tensors/tensor.ts";
import {
  bigOf,
  type InferInputTensor,
  type InferTensorContents,
  type ModelInferRequest,
  type ModelInferResponse,
  numberOf,
  plainParameters,
} from "./messages.ts";

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads a request and holds it against the signature. @throws SERVING_BAD_INPUT */
export function readInferRequest(request: ModelInferRequest, signature: Signature): InferRequest {
  const given = request.inputs.map((input) => input.name);
  const twice = repeatedName(given);
  if (twice !== undefined) throw refuse("inputs", `has "${twice}" twice`);
  checkNames(given, signature.inputs, "inputs");
  const isRaw = hasRawContents(request);
  const tensors = noTensors();
  for (const [i, input] of request.inputs.entries()) {
    const spec = signature.inputs.find((each) => each.name === input.name)!;
    tensors[input.name] = readTensor(input, spec, {
      where: `inputs[${i}]`,
      raw: isRaw ? request.raw_input_contents[i] : undefined,
    });
  }
  const parameters = ownParameters(request);
  const { ask } = readParameters(parameters);
  const wanted = request.outputs.map(({ name, parameters }) => ({ name, parameters: plainParameters(parameters) }));
  const outputs = requestedOutputs(wanted, signature, { binary: true, ask });
  return { id: request.id, tensors, outputs, ask, signature, parameters };
}

/** A name that the protocol keeps for itself, and that clients of streams are to send. */
export const finalResponseWanted = "triton_enable_empty_final_response";

/** A request's parameters as plain values, without that name. */
export function ownParameters({ parameters }: ModelInferRequest): Record<string, unknown> {
  const { [finalResponseWanted]: _flag, ...own } = parameters;
  return plainParameters(own);
}

/** Raw elements come for all inputs or for none. @throws SERVING_BAD_INPUT */
export function hasRawContents({ inputs, raw_input_contents: raw }: ModelInferRequest): boolean {
  if (raw.length === 0) return false;
  if (raw.length !== inputs.length) {
    const problem = `holds the elements of ${raw.length} inputs, and there are ${inputs.length}: it is all of them or none`;
    throw refuse("raw_input_contents", problem);
  }
  const both = inputs.findIndex(({ contents }) => contents !== null && Object.values(contents).some((list) => list.length > 0));
  if (both < 0) return true;
  throw refuse(`inputs[${both}].contents`, "is given beside raw_input_contents; elements come in one of them");
}

function readTensor(
  input: InferInputTensor,
  spec: TensorSpec,
  { where, raw }: { where: string; raw: Buffer | undefined },
): Tensor {
  const { datatype } = spec;
  if (findDatatype(input.datatype) !== datatype)
    throw refuse(`${where}.datatype`, `is ${describe(input.datatype)}, and the model takes ${datatype} for "${spec.name}"`);
  if ("shared_memory_region" in input.parameters)
    throw refuse(`${where}.parameters`, "names a region of shared memory, which is not served");
  const shape = readShape(input.shape.map(numberOf), `${where}.shape`);
  const tensor = readElements(input, { datatype, shape, where, raw });
  const problem = misfit(spec, tensor);
  if (problem) throw refuse(`${where} ("${spec.name}")`, problem);
  return tensor;
}

interface Wanted {
  datatype: Datatype;
  shape: readonly number[];
  where: string;
  raw: Buffer | undefined;
}

/** A tensor from its raw elements, or from those in its contents. @throws SERVING_BAD_INPUT */
export function readElements({ contents }: InferInputTensor, { datatype, shape, where, raw }: Wanted): Tensor {
  if (raw) return tensorFromBytes(raw, { datatype, shape, where });
  return tensorFromElements(elementsOf(contents, datatype, where), { datatype, shape, where: `${where}.contents` });
}

/** The list of a datatype's elements. @throws SERVING_BAD_INPUT */
function elementsOf(contents: InferTensorContents | null, datatype: Datatype, where: string): readonly unknown[] {
  if (isRawOnly(datatype)) throw refuse(where, `is ${datatype}, which has no list of elements`, "Send it in raw_input_contents.");
  if (contents === null) return [];
  const list = listOf[datatype];
  const other = Object.entries(contents).find(([name, elements]) => name !== list && elements.length > 0);
  if (other) throw refuse(`${where}.contents.${other[0]}`, `is given, and ${datatype} goes into ${list}`);
  if (list === "int64_contents" || list === "uint64_contents") return contents[list].map(bigOf);
  return list === "bytes_contents" ? contents[list].map((bytes, i) => textOf(bytes, `${where}.contents`, i)) : contents[list];
}

const listOf: Readonly<Record<Exclude<Datatype, "FP16" | "BF16">, keyof InferTensorContents>> = {
  BOOL: "bool_contents",
  INT8: "int_contents",
  INT16: "int_contents",
  INT32: "int_contents",
  INT64: "int64_contents",
  UINT8: "uint_contents",
  UINT16: "uint_contents",
  UINT32: "uint_contents",
  UINT64: "uint64_contents",
  FP32: "fp32_contents",
  FP64: "fp64_contents",
  BYTES: "bytes_contents",
};

function textOf(bytes: Buffer, where: string, index: number): string {
  if (!isUtf8(bytes)) throw refuse(where, `has bytes that are not UTF-8 as element ${index}`);
  return bytes.toString();
}

/** The answer to a request: the outputs that it wants, raw. */
export function writeInferResponse(tensors: Tensors, request: InferRequest, answering: Answering): ModelInferResponse {
  const answered = request.outputs.map((output) => ({
    name: output.name,
    tensor: answeredTensor(tensors, output, answering.signature),
  }));
  return {
    model_name: answering.model,
    model_version: answering.version,
    id: request.id ?? "",
    outputs: answered.map(({ name, tensor: { datatype, shape } }) => ({ name, datatype, shape })),
    raw_output_contents: answered.map(({ tensor }) => tensorBytes(tensor)),
  };
}
