import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { importOptional } from "#kernel";
import { chooseBackend } from "./choose-backend.ts";
import type { TensorFlowJsSettings } from "./tensorflow-js-options.ts";

/** A tensor of TensorFlow.js. */
export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  dataSync(): Float32Array | Int32Array | Uint8Array | string[];
  dispose(): void;
}

/** A size that may vary is null, or -1. */
export interface TfSpec {
  name: string;
  dtype: string | null;
  shape: (number | null)[] | null;
}

export interface TfGraphModel {
  readonly inputs: TfSpec[];
  readonly outputs: TfSpec[];
  readonly outputNodes: string[];
  readonly modelSignature?: { inputs?: TfSignaturePart; outputs?: TfSignaturePart };
  execute(inputs: Record<string, TfTensor>, outputs: string[]): TfTensor | TfTensor[];
  executeAsync(inputs: Record<string, TfTensor>, outputs: string[]): Promise<TfTensor | TfTensor[]>;
  disposeIntermediateTensors(): void;
  dispose(): void;
}

/** Tensors by their names, as TensorFlow describes them. */
export type TfSignaturePart = Record<string, { dtype?: string; tensorShape?: { dim?: { size?: string | number }[] } }>;

export interface TfLayersModel {
  readonly inputs: TfSpec[];
  readonly outputs: TfSpec[];
  readonly inputNames: string[];
  readonly outputNames: string[];
  predictOnBatch(inputs: TfTensor[]): TfTensor | TfTensor[];
  dispose(): void;
}

/** What is used of `@tensorflow/tfjs`. */
export interface TensorFlowJs {
  env(): { set(flag: string, value: boolean): void };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor(data: unknown, shape: readonly number[], type: string): TfTensor;
  loadGraphModel(source: object): Promise<TfGraphModel>;
  loadLayersModel(source: object): Promise<TfLayersModel>;
}

const FEATURE = "Running TensorFlow.js models";

/** Loads TensorFlow.js for a `model.json`, from the project's packages, or from Cortado's. Only model hosts do: it computes in its thread. */
export async function loadTensorFlowJs(file: string, settings: TensorFlowJsSettings): Promise<TensorFlowJs> {
  const { root } = settings;
  const backend = chooseBackend(file, settings.backend);
  const tf = await importOptional("@tensorflow/tfjs", FEATURE, async () => load<TensorFlowJs>("@tensorflow/tfjs", root).loaded);
  // It advises on the console; this thread, or process, is for one model alone.
  console.warn = () => {};
  tf.env().set("PROD", true);
  if (backend === "wasm") await loadWasm(tf, root);
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js cannot start its backend "${backend}".`);
  await tf.ready();
  return tf;
}

async function loadWasm(tf: TensorFlowJs, root: string): Promise<void> {
  const name = "@tensorflow/tfjs-backend-wasm";
  const { loaded, file } = await importOptional(name, FEATURE, async () =>
    load<{ setWasmPaths(folder: string): void }>(name, root),
  );
  // A model has one thread, as others have.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  loaded.setWasmPaths(dirname(file) + sep);
}

function load<T>(name: string, root: string): { loaded: T; file: string } {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(join(root, "package.json"));
  const require = resolves(theirs, name) ? theirs : ours;
  return { loaded: require(name) as T, file: require.resolve(name) };
}

function resolves(require: NodeJS.Require, name: string): boolean {
  try {
    return require.resolve(name) !== "";
  } catch {
    return false;
  }
}
