import type { Tensors } from "../tensors/tensor.ts";
import type { SessionSettings } from "./onnx/onnx-options.ts";
import { openOnnxSession } from "./onnx/session.ts";

/** A model as a thread of a model host holds it. */
export interface HostSession {
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** A model file, and how it is run. */
export interface HostedFile {
  kind: "onnx";
  file: string;
  settings: SessionSettings;
}

/** Opens a model file, in a model host. */
export function openSession({ file, settings }: HostedFile): Promise<HostSession> {
  return openOnnxSession(file, settings);
}
