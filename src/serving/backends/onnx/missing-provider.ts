import { servingErrors } from "../../errors.ts";
import type { ExecutionProvider, ProviderChoice } from "./onnx-options.ts";

const cudaHint =
  "On Linux x64, its libraries come with: ONNXRUNTIME_NODE_INSTALL=cuda12 npm explore onnxruntime-node -- node script/install.js " +
  "(the machine needs CUDA 12 and cuDNN 9 besides).";

/** How a machine comes to have a provider. */
const hints: Record<ExecutionProvider, string> = {
  cpu: "Install onnxruntime-node for this system: npm install --ignore-scripts onnxruntime-node.",
  cuda: cudaHint,
  tensorrt: `${cudaHint} TensorRT has to be installed too.`,
  coreml: "It is part of onnxruntime-node on macOS only.",
  dml: "It is part of onnxruntime-node on Windows only.",
  webgpu: "It needs a graphics driver; on Debian and Ubuntu: apt-get install libvulkan1 mesa-vulkan-drivers.",
  qnn: "It is part of onnxruntime-node on Windows for ARM only.",
};

/** The error for a provider that the installed runtime was built without. */
export function absentProvider({ name }: ProviderChoice): Error {
  const reason = "onnxruntime-node was built without it on this system";
  return servingErrors.SERVING_MISSING_PROVIDER({ name, reason, hint: hints[name] });
}

/** The error for a provider whose libraries or device are not there: with it a model does not load, and without it does. */
export function brokenProvider({ name }: ProviderChoice, problem: Error): Error {
  const [line] = problem.message.split("\n", 1);
  const reason = line!.replace(/^.*?(?=Failed )|\.?\s*$/g, "");
  return servingErrors.SERVING_MISSING_PROVIDER({ name, reason, hint: hints[name] });
}
