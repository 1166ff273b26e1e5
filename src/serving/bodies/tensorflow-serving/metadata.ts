import type { Datatype } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";

/** The one signature that a model has. */
export const SIGNATURE_NAME = "serving_default";

/** TensorFlow's names of the element types. */
export const tensorFlowTypes: Readonly<Record<Datatype, string>> = {
  BOOL: "DT_BOOL",
  UINT8: "DT_UINT8",
  UINT16: "DT_UINT16",
  UINT32: "DT_UINT32",
  UINT64: "DT_UINT64",
  INT8: "DT_INT8",
  INT16: "DT_INT16",
  INT32: "DT_INT32",
  INT64: "DT_INT64",
  FP16: "DT_HALF",
  BF16: "DT_BFLOAT16",
  FP32: "DT_FLOAT",
  FP64: "DT_DOUBLE",
  BYTES: "DT_STRING",
};

/** A model's metadata, its signature written as TensorFlow's; numbers are strings, as protobuf's JSON has them. */
export function metadataOf(name: string, version: string, { inputs, outputs }: Signature): object {
  const signature = {
    inputs: tensorInfos(inputs),
    outputs: tensorInfos(outputs),
    method_name: "tensorflow/serving/predict",
    defaults: {},
  };
  return {
    model_spec: { name, signature_name: "", version },
    metadata: { signature_def: { signature_def: { [SIGNATURE_NAME]: signature } } },
  };
}

function tensorInfos(specs: readonly TensorSpec[]): object {
  return Object.fromEntries(specs.map((spec) => [spec.name, tensorInfo(spec)]));
}

function tensorInfo({ name, datatype, shape }: TensorSpec): object {
  const dim = shape.map((size) => ({ size: String(size), name: "" }));
  return { dtype: tensorFlowTypes[datatype], tensor_shape: { dim, unknown_rank: false }, name: `${name}:0` };
}
