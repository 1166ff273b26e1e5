import { isUtf8 } from "node:buffer";
import { servingErrors } from "../../errors.ts";
import { datatypes } from "../../tensors/datatypes.ts";
import { tensorFromBytes } from "../../tensors/bytes.ts";
import { formatSpecs, misfit, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { elementCount, Tensor } from "../../tensors/tensor.ts";
import type { InferRequest } from "./infer-request.ts";

const where = "The body";
const refuse = (problem: string): Error => servingErrors.SERVING_BAD_INPUT({ where, problem });

/** A request whose body is the bytes of the model's one input, without JSON around it. @throws SERVING_BAD_INPUT */
export function rawRequest(bytes: Buffer, signature: Signature): InferRequest {
  const [spec, second] = signature.inputs;
  if (spec === undefined || second !== undefined)
    throw refuse(`is bytes alone, which stand for one input, and the model takes ${formatSpecs(signature.inputs)}`);
  const tensor = spec.datatype === "BYTES" ? oneText(bytes, spec) : numbers(bytes, spec);
  const problem = misfit(spec, tensor);
  if (problem) throw refuse(problem);
  return {
    tensors: { [spec.name]: tensor },
    outputs: signature.outputs.map(({ name }) => ({ name, binary: true })),
    ask: {},
    signature,
    parameters: undefined,
  };
}

/** The whole body is the one element. */
function oneText(bytes: Buffer, { shape }: TensorSpec): Tensor {
  if (!isUtf8(bytes)) throw refuse("has bytes that are not UTF-8");
  const sizes = shape.map((size) => (size === -1 ? 1 : size));
  if (elementCount(sizes) !== 1) throw refuse("is one text, and the model takes more than one");
  return new Tensor("BYTES", sizes, [bytes.toString()]);
}

/** The one size that may vary follows from the length; where a second one does, the first is the batch, of one row. */
function numbers(bytes: Buffer, { shape, datatype }: TensorSpec): Tensor {
  const sizes = [...shape];
  if (sizes[0] === -1 && sizes.lastIndexOf(-1) > 0) sizes[0] = 1;
  const open = sizes.indexOf(-1);
  if (open !== sizes.lastIndexOf(-1)) throw refuse("is bytes alone, from which more than one varying size cannot be told");
  if (open >= 0) {
    const whole = Math.floor(bytes.byteLength / (datatypes[datatype].size * -elementCount(sizes)));
    // Bytes that are not enough for one are told how many that needs.
    sizes[open] = bytes.byteLength > 0 ? Math.max(1, whole) : 0;
  }
  return tensorFromBytes(bytes, { datatype, shape: sizes, where });
}
