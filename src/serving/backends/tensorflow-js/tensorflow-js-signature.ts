import type { Datatype } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import type { TfGraphModel, TfLayersModel, TfSignaturePart, TfSpec } from "./tensorflow-js-packages.ts";

/** What TensorFlow.js computes with, by the types of TensorFlow: it has no other integers and no other floats. */
const datatypes: Record<string, Datatype> = {
  DT_FLOAT: "FP32",
  DT_HALF: "FP32",
  DT_DOUBLE: "FP32",
  DT_INT32: "INT32",
  DT_INT64: "INT32",
  DT_INT16: "INT32",
  DT_INT8: "INT32",
  DT_UINT8: "INT32",
  DT_BOOL: "BOOL",
  DT_STRING: "BYTES",
  float32: "FP32",
  int32: "INT32",
  bool: "BOOL",
  string: "BYTES",
};

/** What a layers model takes and gives, by the names of its layers. */
export function layersSignature({ inputs, outputs, inputNames, outputNames }: TfLayersModel): Signature {
  return {
    inputs: inputs.map((spec, i) => specOf(inputNames[i]!, spec)),
    outputs: outputs.map((spec, i) => specOf(outputNames[i]!, spec)),
  };
}

/** What a graph model takes and gives, and by which names it wants its inputs. */
export function graphSignature(model: TfGraphModel): { signature: Signature; inputKeys: string[] } {
  const given = model.modelSignature;
  const inputs = given?.inputs ? signed(given.inputs) : model.inputs.map((spec) => ({ key: spec.name, spec }));
  const outputs = model.outputNodes.map((key, i) => {
    const part = given?.outputs?.[key];
    return { key, spec: part ? signed({ [key]: part })[0]!.spec : model.outputs[i]! };
  });
  return {
    signature: {
      inputs: inputs.map(({ key, spec }) => specOf(plain(key), spec)),
      outputs: outputs.map(({ key, spec }) => specOf(plain(key), spec)),
    },
    inputKeys: inputs.map(({ key }) => key),
  };
}

function signed(part: TfSignaturePart): { key: string; spec: TfSpec }[] {
  return Object.entries(part).map(([key, { dtype, tensorShape }]) => ({
    key,
    spec: {
      name: key,
      dtype: dtype ?? null,
      shape: tensorShape?.dim ? tensorShape.dim.map(({ size }) => Number(size ?? -1)) : null,
    },
  }));
}

/** `Identity:0` is the first, and mostly the only, output of what is called `Identity`. */
const plain = (name: string): string => name.replace(/:0$/, "");

/** @throws where the model does not say it */
function specOf(name: string, { dtype, shape }: TfSpec): TensorSpec {
  if (dtype === null || shape === null)
    throw new Error(
      `The model does not say what its tensor "${name}" is. Convert it again, by tensorflowjs_converter 2 or later.`,
    );
  const datatype = datatypes[dtype];
  if (datatype === undefined)
    throw new Error(`Its tensor "${name}" has the type ${dtype}, which TensorFlow.js does not compute with.`);
  return { name, datatype, shape: shape.map((size) => (size === null || size < 0 ? -1 : size)) };
}
