import { isRawOnly } from "../../tensors/datatypes.ts";
import { servingErrors } from "../../errors.ts";
import { tensorBytes } from "../../tensors/bytes.ts";
import type { Signature } from "../../tensors/signature.ts";
import type { Tensor, Tensors } from "../../tensors/tensor.ts";
import { jsonElements } from "../../tensors/write-json.ts";
import { bestClasses } from "./classification.ts";
import type { InferRequest, RequestedOutput } from "./infer-request.ts";

/** Which version answered. */
export interface Answering {
  model: string;
  version: string;
  signature: Signature;
}

/** The answer to an inference request: its JSON, and the bytes of the outputs that are wanted as such. */
export interface InferResponse {
  head: object;
  binary: Uint8Array[];
}

/** @throws SERVING_BAD_INPUT where an output has no form in JSON */
export function inferResponse(tensors: Tensors, request: InferRequest, answering: Answering): InferResponse {
  const binary: Uint8Array[] = [];
  const outputs = request.outputs.map((output) => {
    const tensor = answeredTensor(tensors, output, answering.signature);
    const { datatype, shape } = tensor;
    if (!output.binary) return { name: output.name, datatype, shape, data: inJson(tensor, output.name) };
    const bytes = tensorBytes(tensor);
    binary.push(bytes);
    return { name: output.name, datatype, shape, parameters: { binary_data_size: bytes.byteLength } };
  });
  const { model, version } = answering;
  return {
    head: { model_name: model, model_version: version, ...(request.id === undefined ? {} : { id: request.id }), outputs },
    binary,
  };
}

/** An output as it is answered: the tensor itself, or its best classes. */
export function answeredTensor(tensors: Tensors, { name, classes }: RequestedOutput, signature: Signature): Tensor {
  const tensor = tensors[name]!;
  return classes === undefined ? tensor : bestClasses(tensor, { name, classes, signature });
}

function inJson(tensor: Tensor, name: string): unknown[] {
  if (!isRawOnly(tensor.datatype)) return jsonElements(tensor);
  throw servingErrors.SERVING_BAD_INPUT({
    where: `outputs ("${name}")`,
    problem: `is ${tensor.datatype}, which has no form in JSON`,
    hint: 'Ask for its bytes: "parameters": {"binary_data": true}.',
  });
}
