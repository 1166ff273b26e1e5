import type { Tensors } from "../tensors/tensor.ts";
import type { IsolatedSettings } from "./isolated/isolated-settings.ts";
import type { SessionSettings } from "./onnx/onnx-options.ts";

/** A model as a thread of a model host holds it. */
export interface HostSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** An ONNX file, and how it is run. */
export interface OnnxFile {
  kind: "onnx";
  file: string;
  settings: SessionSettings;
}

/** What a host holds: a model file, or a handler of the project. */
export type HostedFile = OnnxFile | { kind: "isolated"; file: string; settings: IsolatedSettings };

/** Opens a model, in a model host. What is not used is not loaded. */
export async function openSession(hosted: HostedFile): Promise<HostSession> {
  if (hosted.kind === "onnx") return (await import("./onnx/session.ts")).openOnnxSession(hosted.file, hosted.settings);
  return (await import("./isolated/isolated-session.ts")).openIsolatedSession(hosted.settings);
}
