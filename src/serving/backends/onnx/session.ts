import { readFileSync } from "node:fs";
import type * as OnnxRuntime from "onnxruntime-node";
import { type Datatype, datatypes, findDatatype, type TensorData } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import { noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";
import { absentProvider, brokenProvider } from "./missing-provider.ts";
import type { ProviderChoice, SessionSettings } from "./onnx-options.ts";
import { loadOnnxRuntime } from "./onnxruntime.ts";
import { withoutZipMap } from "./zip-map.ts";

/** A loaded ONNX model. */
export interface OnnxSession {
  readonly signature: Signature;
  run(inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** Threads that sleep when they have nothing to do: a spinning pool burns a core for a few microseconds' gain. */
const commonOptions: OnnxRuntime.InferenceSession.SessionOptions = {
  interOpNumThreads: 1,
  executionMode: "sequential",
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: "0" }, inter_op: { allow_spinning: "0" } } },
};

/** Opens a model by its path, not from bytes where it may have external data: the runtime then keeps that inside the model's folder. */
export async function openOnnxSession(file: string, settings: SessionSettings): Promise<OnnxSession> {
  const runtime = await loadOnnxRuntime();
  const { session, labels } = await openRepaired(runtime, file, settings);
  const signature = {
    inputs: session.inputMetadata.map((value) => inputSpec(value)),
    outputs: session.outputMetadata.filter((value) => value.isTensor).map((value) => specOf(value, labels.get(value.name))),
  };
  if (signature.outputs.length === 0) throw new Error("None of its outputs is a tensor, and only tensors can be sent.");
  const outputNames = signature.outputs.map((output) => output.name);
  return {
    signature,
    run: async (inputs) => fromRuntime(await session.run(toRuntime(runtime, inputs), outputNames), signature.outputs),
    release: () => session.release(),
  };
}

type Session = OnnxRuntime.InferenceSession;

interface Opened {
  session: Session;
  /** Class labels by the names of the outputs that hold their scores. */
  labels: ReadonlyMap<string, readonly string[]>;
}

/** Opens a model; one whose scores come as maps, which cannot be sent, a second time with tensors in their place. */
async function openRepaired(runtime: typeof OnnxRuntime, file: string, settings: SessionSettings): Promise<Opened> {
  const session = await createSession(runtime, file, settings);
  if (session.outputMetadata.every((value) => value.isTensor)) return { session, labels: new Map() };
  const repaired = withoutZipMap(readFileSync(file));
  if (repaired === undefined) return { session, labels: new Map() };
  await session.release();
  return { session: await createSession(runtime, repaired.model, settings), labels: repaired.labels };
}

/** A failure that the processor alone would not have is that of an execution provider, which is then named. */
async function createSession(runtime: typeof OnnxRuntime, model: string | Buffer, settings: SessionSettings): Promise<Session> {
  const { threads, providers } = settings;
  const available = runtime.listSupportedBackends().map(({ name }) => name);
  const absent = providers.find(({ name }) => !available.includes(name));
  if (absent) throw absentProvider(absent);
  const create = (executionProviders: readonly ProviderChoice[]) =>
    // The two are two signatures of one function.
    runtime.InferenceSession.create(model as string, { ...commonOptions, intraOpNumThreads: threads, executionProviders });
  try {
    return await create(providers);
  } catch (error) {
    const suspect = providers.find(({ name }) => name !== "cpu");
    if (suspect === undefined) throw withTypeNamed(error as Error);
    await (await create([{ name: "cpu" }])).release();
    throw brokenProvider(suspect, error as Error);
  }
}

/** onnxruntime-node names a type that it cannot carry by its number in ONNX. */
function withTypeNamed(error: Error): Error {
  const number = /^Unsupported data type: (\d+)/.exec(error.message)?.[1];
  if (number === undefined) return error;
  const name = number === "16" ? "BF16" : `${number} of ONNX`;
  return new Error(`An input or output has the type ${name}, which onnxruntime-node cannot be given or give; cast it to FP32.`);
}

function inputSpec(value: OnnxRuntime.InferenceSession.ValueMetadata): TensorSpec {
  if (!value.isTensor) throw new Error(`Its input "${value.name}" is a sequence or a map; only tensors can be sent.`);
  return specOf(value);
}

/** Symbolic sizes, whatever they are called (even ""), are sizes that may vary. */
function specOf(value: OnnxRuntime.InferenceSession.TensorValueMetadata, labels?: readonly string[]): TensorSpec {
  const datatype = findDatatype(value.type);
  if (datatype === undefined) throw new Error(`Its tensor "${value.name}" has the type ${value.type}, which cannot be sent.`);
  const shape = value.shape.map((size) => (typeof size === "number" ? size : -1));
  return { name: value.name, datatype, shape, ...(labels ? { labels } : {}) };
}

function toRuntime(runtime: typeof OnnxRuntime, inputs: Tensors): Record<string, OnnxRuntime.Tensor> {
  const feeds = Object.create(null) as Record<string, OnnxRuntime.Tensor>;
  for (const name in inputs) {
    const { datatype, data, shape } = inputs[name]!;
    if (datatype === "BYTES") refuseCutTexts(name, data as string[]);
    if (datatype === "FP16") feeds[name] = halfTensor(data as Float16Array, shape);
    else feeds[name] = new runtime.Tensor(datatypes[datatype].alias as "float32", data as Float32Array, shape);
  }
  return feeds;
}

/** onnxruntime-node 1.30 takes a text to end at its first zero character, and would give the model another one. */
function refuseCutTexts(name: string, texts: readonly string[]): void {
  if (texts.some((text) => text.includes("\0"))) throw new Error(`Its input "${name}" cannot take a text with a zero character.`);
}

/**
 * onnxruntime-node 1.30 makes a Float16Array of whatever data it is given, where the runtime has that class, and its
 * native part then reads no elements from it. It reads them from a plain object with the bits.
 */
function halfTensor(data: Float16Array, dims: readonly number[]): OnnxRuntime.Tensor {
  const bits = new Uint16Array(data.buffer, data.byteOffset, data.length);
  return { type: "float16", data: bits, dims, location: "cpu" } as unknown as OnnxRuntime.Tensor;
}

function fromRuntime(outputs: Record<string, unknown>, specs: readonly TensorSpec[]): Tensors {
  const tensors = noTensors();
  for (const { name } of specs) {
    const output = outputs[name] as OnnxRuntime.Tensor;
    const datatype = findDatatype(output.type) as Datatype;
    tensors[name] = new Tensor(datatype, output.dims, output.data as TensorData);
  }
  return tensors;
}
