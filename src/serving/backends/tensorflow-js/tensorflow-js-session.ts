import type { Datatype } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import type { ModelSession } from "../sessions.ts";
import { isLayersModel, type ModelArtifacts, readModelFile } from "./model-file.ts";
import type { TensorFlowJsSettings } from "./tensorflow-js-options.ts";
import {
  loadTensorFlowJs,
  type TensorFlowJs,
  type TfGraphModel,
  type TfLayersModel,
  type TfTensor,
} from "./tensorflow-js-packages.ts";
import { graphSignature, layersSignature } from "./tensorflow-js-signature.ts";

/** A loaded model: its tensors in, those of its outputs out, in the order of the signature. */
interface Loaded {
  signature: Signature;
  run(inputs: TfTensor[]): Promise<TfTensor[]>;
  dispose(): void;
}

/** Opens a graph or layers model by its `model.json`. */
export async function openTensorFlowJsSession(file: string, settings: TensorFlowJsSettings): Promise<ModelSession> {
  const tf = await loadTensorFlowJs(file, settings);
  const artifacts = readModelFile(file);
  const source = { load: async () => artifacts };
  const model = isLayersModel(artifacts)
    ? layersModel(await tf.loadLayersModel(source))
    : graphModel(await tf.loadGraphModel(source), prepares(tf, artifacts));
  return {
    signature: model.signature,
    run: (inputs) => run(tf, model, inputs),
    release: async () => model.dispose(),
  };
}

function layersModel(model: TfLayersModel): Loaded {
  return {
    signature: layersSignature(model),
    run: async (inputs) => listed(model.predictOnBatch(inputs)),
    dispose: () => model.dispose(),
  };
}

/**
 * True for a graph that fills tables before its first run, which it only does when it is waited for. TensorFlow.js 4.22 forgets
 * the tensors of such a graph while it still needs them, unless it is told to keep them to the end of a run.
 */
function prepares(tf: TensorFlowJs, { modelInitializer }: ModelArtifacts): boolean {
  if (modelInitializer === undefined) return false;
  tf.env().set("KEEP_INTERMEDIATE_TENSORS", true);
  return true;
}

function graphModel(model: TfGraphModel, prepared: boolean): Loaded {
  const { signature, inputKeys } = graphSignature(model);
  let waits = prepared;
  const run = async (tensors: TfTensor[]): Promise<TfTensor[]> => {
    const inputs = Object.fromEntries(tensors.map((tensor, i) => [inputKeys[i]!, tensor]));
    if (!waits) {
      try {
        return listed(model.execute(inputs, model.outputNodes));
      } catch (error) {
        // A graph with branches and loops, or with sizes that depend on numbers, says so when it is first run.
        if (!(error as Error).message.includes("executeAsync")) throw error;
        waits = true;
      }
    }
    const made = listed(await model.executeAsync(inputs, model.outputNodes));
    if (prepared) model.disposeIntermediateTensors();
    return made;
  };
  return { signature, run, dispose: () => model.dispose() };
}

const listed = (given: TfTensor | TfTensor[]): TfTensor[] => (Array.isArray(given) ? given : [given]);

async function run(tf: TensorFlowJs, { signature, run: runModel }: Loaded, inputs: Tensors): Promise<Tensors> {
  const given = signature.inputs.map((spec) => toTensorFlow(tf, spec, inputs[spec.name]!));
  let made: TfTensor[] = [];
  try {
    made = await runModel(given).catch((error: Error) => {
      throw inOwnWords(error);
    });
    const outputs = noTensors();
    for (const [i, { name, datatype }] of signature.outputs.entries()) outputs[name] = fromTensorFlow(datatype, made[i]!);
    return outputs;
  } finally {
    for (const tensor of new Set([...given, ...made])) tensor.dispose();
  }
}

/** What it says of an operation that it does not have, without whom to tell of it. */
function inOwnWords(error: Error): Error {
  const unknown = /^Unknown op '([^']+)'/.exec(error.message)?.[1];
  if (unknown !== undefined) return new Error(`It has the operation ${unknown}, which TensorFlow.js does not know.`);
  const [, kernel, backend] = /^Kernel '([^']+)' not registered for backend '([^']+)'/.exec(error.message) ?? [];
  if (kernel !== undefined) return new Error(`It has the operation ${kernel}, which the backend "${backend}" does not know.`);
  // The backend was given a text by an operation within the model, and looks for its numbers.
  const isText = error.message === "Cannot read properties of undefined (reading 'backend')";
  return isText
    ? new Error('It computes with texts, which the backend "wasm" cannot: say tensorFlowJs({ backend: "cpu" }).')
    : error;
}

const types: Partial<Record<Datatype, string>> = { FP32: "float32", INT32: "int32", BOOL: "bool", BYTES: "string" };

function toTensorFlow(tf: TensorFlowJs, { datatype }: TensorSpec, { data, shape }: Tensor): TfTensor {
  return tf.tensor(data, shape, types[datatype]!);
}

/** A copy: the backend's memory is used again. */
function fromTensorFlow(datatype: Datatype, tensor: TfTensor): Tensor {
  const data = tensor.dataSync();
  return new Tensor(datatype, tensor.shape, Array.isArray(data) ? data : data.slice());
}
