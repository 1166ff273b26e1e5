import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
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
  const reason = libraryProblem(name) ?? line!.replace(/^.*?(?=Failed )|\.?\s*$/g, "");
  return servingErrors.SERVING_MISSING_PROVIDER({ name, reason, hint: hints[name] });
}

/** Why the library of a provider does not load, which onnxruntime tells its log alone. It lies beside what Node.js has loaded. */
function libraryProblem(name: ExecutionProvider): string | undefined {
  if (process.platform !== "linux" || !["cuda", "tensorrt"].includes(name)) return undefined;
  const { sharedObjects } = process.report.getReport() as { sharedObjects: readonly string[] };
  const binding = sharedObjects.find((file) => basename(file) === "onnxruntime_binding.node");
  if (binding === undefined) return undefined;
  const library = join(dirname(binding), `libonnxruntime_providers_${name}.so`);
  if (!existsSync(library)) return "its libraries are not installed";
  try {
    process.dlopen({ exports: {} }, library);
  } catch (error) {
    // It says which other library is missing; that this one is no module of Node.js says nothing.
    return /^(\S+): cannot open shared object file/.exec((error as Error).message)?.[1]?.concat(" is not installed");
  }
  return undefined;
}
