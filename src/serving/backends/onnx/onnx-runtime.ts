import type { Examination, ExamineOptions } from "../../engines/examination.ts";
import type { Inspection, Runtime, RuntimeVersion, TensorRunner } from "../../engines/runtime.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import { holdFile, tryFile } from "../hosted/hosted-file.ts";
import { examineFile } from "./examine-file.ts";
import { type OnnxOptions, type SessionSettings, sessionSettings } from "./onnx-options.ts";

/**
 * Runs `model.onnx` in model hosts, processes of their own. A version with such a file is run so without being told; the
 * function is for those that want other settings.
 *
 * ```ts
 * export const resnet = handler({
 *   name: "resnet",
 *   source: "file:models/resnet",
 *   runtime: onnx({ threads: 2, providers: ["cuda"], memory: 2 * 2 ** 30 }),
 * });
 * ```
 * @throws SERVING_BAD_RUNTIME
 */
export function onnx(options: OnnxOptions = {}): Runtime {
  return new OnnxRuntime(options);
}

class OnnxRuntime implements Runtime {
  readonly kind = "onnx";
  readonly needsFiles = true;
  readonly #settings: SessionSettings;
  readonly #memory: number | undefined;

  constructor(options: OnnxOptions) {
    this.#settings = sessionSettings(options);
    this.#memory = options.memory;
  }

  inspect(version: RuntimeVersion): Promise<Inspection> {
    return tryFile(version, { kind: "onnx", file: MODEL_FILE, settings: this.#settings }, this.#memory);
  }

  examine({ directory, pool, warmUp }: RuntimeVersion, options: ExamineOptions): Promise<Examination> {
    const place = { directory, file: MODEL_FILE, settings: this.#settings, pool, memory: this.#memory, warmUp };
    return examineFile(place, options);
  }

  load(version: RuntimeVersion, inspection: Inspection | undefined): Promise<TensorRunner> {
    const file = { kind: "onnx", file: MODEL_FILE, settings: this.#settings } as const;
    return holdFile(version, inspection!, { file, memory: this.#memory });
  }
}
