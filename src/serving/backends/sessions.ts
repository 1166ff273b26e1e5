import type { Tensors } from "../tensors/tensor.ts";
import type { Signature } from "../tensors/signature.ts";
import type { IsolatedSettings } from "./isolated/isolated-settings.ts";
import type { SessionSettings } from "./onnx/onnx-options.ts";
import type { TensorFlowJsSettings } from "./tensorflow-js/tensorflow-js-options.ts";

/** A model as a thread of a model host holds it. */
export interface HostSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** A model that says what it takes and gives. */
export interface ModelSession extends HostSession {
  readonly signature: Signature;
}

/** An ONNX file, and how it is run. */
export interface OnnxFile {
  kind: "onnx";
  file: string;
  settings: SessionSettings;
}

/** The `model.json` of a TensorFlow.js model, and how it is run. */
export interface TensorFlowJsFile {
  kind: "tensorflow-js";
  file: string;
  settings: TensorFlowJsSettings;
}

/** A model that is a file, with others beside it. */
export type ModelFile = OnnxFile | TensorFlowJsFile;

/** What a host holds: a model file, or a handler of the project. */
export type HostedFile = ModelFile | { kind: "isolated"; file: string; settings: IsolatedSettings };

/** Opens a model, in a model host. What is not used is not loaded. */
export async function openSession(hosted: HostedFile): Promise<HostSession> {
  if (hosted.kind === "onnx") return (await import("./onnx/session.ts")).openOnnxSession(hosted.file, hosted.settings);
  if (hosted.kind === "tensorflow-js") return openTensorFlowJs(hosted);
  return (await import("./isolated/isolated-session.ts")).openIsolatedSession(hosted.settings);
}

/** Makes a model ready to be opened for the first time: loads what runs it, and refuses files that would read others. */
export async function prepareFile(model: ModelFile): Promise<void> {
  if (model.kind === "tensorflow-js") {
    await (await import("./tensorflow-js/tensorflow-js-packages.ts")).loadTensorFlowJs(model.file, model.settings);
    return;
  }
  (await import("./onnx/external-data.ts")).checkExternalData(model.file);
  await (await import("./onnx/onnxruntime.ts")).loadOnnxRuntime();
}

/** Opens a model file. */
export async function openFile(model: ModelFile): Promise<ModelSession> {
  if (model.kind === "tensorflow-js") return openTensorFlowJs(model);
  return (await import("./onnx/session.ts")).openOnnxSession(model.file, model.settings);
}

async function openTensorFlowJs({ file, settings }: TensorFlowJsFile): Promise<ModelSession> {
  return (await import("./tensorflow-js/tensorflow-js-session.ts")).openTensorFlowJsSession(file, settings);
}
