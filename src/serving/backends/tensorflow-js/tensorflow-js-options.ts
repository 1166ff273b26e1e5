import { didYouMean } from "#kernel";
import { servingErrors } from "../../errors.ts";

/** What can compute a TensorFlow.js model here. */
export const tensorFlowJsBackends = ["wasm", "cpu"] as const;

export type TensorFlowJsBackend = (typeof tensorFlowJsBackends)[number];

/** How TensorFlow.js models are run. */
export interface TensorFlowJsOptions {
  /**
   * What computes: `"wasm"`, WebAssembly of the package `@tensorflow/tfjs-backend-wasm`, or `"cpu"`, plain JavaScript, which
   * knows more operations and takes many times as long. Default: `"wasm"`, but `"cpu"` for a model of texts.
   */
  backend?: TensorFlowJsBackend;
  /**
   * Bytes that the process of a version may occupy. With it the version has a process of its own, which is ended and
   * started again when it occupies more.
   */
  memory?: number;
}

/** What a model host is told about such a model. */
export interface TensorFlowJsSettings {
  /** Undefined to choose by the model. */
  backend: TensorFlowJsBackend | undefined;
  /** The project's folder, whose packages are used. */
  root: string;
}

/** @throws SERVING_BAD_RUNTIME */
export function checkOptions({ backend = "wasm", memory }: TensorFlowJsOptions): void {
  const refused = (option: string, problem: string, hint?: string) =>
    servingErrors.SERVING_BAD_RUNTIME({ runtime: "tensorFlowJs", option, problem, hint });
  if (!tensorFlowJsBackends.includes(backend)) {
    const problem = `is "${String(backend)}". There are: ${tensorFlowJsBackends.join(", ")}`;
    throw refused("backend", problem, didYouMean(String(backend), tensorFlowJsBackends));
  }
  if (memory !== undefined && (!Number.isSafeInteger(memory) || memory < 1))
    throw refused("memory", `is ${memory}, and has to be a whole number from 1 on`);
}
