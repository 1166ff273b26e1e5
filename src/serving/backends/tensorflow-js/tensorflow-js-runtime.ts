import type { Inspection, Runtime, RuntimeVersion, TensorRunner } from "../../engines/runtime.ts";
import { TENSORFLOW_JS_FILE } from "../../repositories/version-folders.ts";
import { holdFile, tryFile } from "../hosted/hosted-file.ts";
import type { TensorFlowJsFile } from "../sessions.ts";
import { checkOptions, type TensorFlowJsOptions } from "./tensorflow-js-options.ts";

/**
 * Runs TensorFlow.js models, graph and layers models alike, in model hosts. A version with a `model.json` and no `model.onnx`
 * is run so without being told; the function is for those that want other settings. It needs `@tensorflow/tfjs` and, for
 * WebAssembly, `@tensorflow/tfjs-backend-wasm`, which are looked for in the project first.
 *
 * ```ts
 * export const faces = handler({
 *   name: "faces",
 *   source: "file:models/faces",
 *   runtime: tensorFlowJs({ backend: "cpu" }),
 * });
 * ```
 * @throws SERVING_BAD_RUNTIME
 */
export function tensorFlowJs(options: TensorFlowJsOptions = {}): Runtime {
  checkOptions(options);
  const { backend, memory } = options;
  const fileOf = ({ root }: RuntimeVersion): TensorFlowJsFile => ({
    kind: "tensorflow-js",
    file: TENSORFLOW_JS_FILE,
    settings: { backend, root },
  });
  return {
    kind: "tensorflow-js",
    needsFiles: true,
    inspect: (version: RuntimeVersion): Promise<Inspection> => tryFile(version, fileOf(version), memory),
    load: (version: RuntimeVersion, inspection: Inspection | undefined): Promise<TensorRunner> =>
      holdFile(version, inspection!, { file: fileOf(version), memory }),
  };
}
