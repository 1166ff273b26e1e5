import type { Datatype } from "./datatypes.ts";
import type { Tensor } from "./tensor.ts";

/** A model's input or output; -1 in the shape is a size that may vary. */
export interface TensorSpec {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
  /** What the numbers along the last dimension are scores of, where the model says it. */
  labels?: readonly string[];
}

/** What a model takes and gives. */
export interface Signature {
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
}

/** True when every input and output begins with a size that may vary: rows can be run together. */
export function hasRows(signature: Signature): boolean {
  return [...signature.inputs, ...signature.outputs].every((spec) => spec.shape[0] === -1);
}

/** Why a tensor does not fit its place in the signature, or undefined when it does. */
export function misfit(spec: TensorSpec, tensor: Tensor): string | undefined {
  if (tensor.datatype !== spec.datatype) return `has the type ${tensor.datatype}, the model takes ${spec.datatype}`;
  const fits =
    tensor.shape.length === spec.shape.length && spec.shape.every((size, i) => size === -1 || size === tensor.shape[i]);
  return fits ? undefined : `has the shape ${formatShape(tensor.shape)}, the model takes ${formatShape(spec.shape)}`;
}

/** `[2, -1]`. */
export function formatShape(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** `image FP32 [-1, 784], …`. */
export function formatSpecs(specs: readonly TensorSpec[]): string {
  return specs.map((spec) => `${spec.name} ${spec.datatype} ${formatShape(spec.shape)}`).join(", ");
}
