import type { RunOptions, TensorRunner } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { tensorBytes } from "../../tensors/bytes.ts";
import { findDatatype } from "../../tensors/datatypes.ts";
import { hasRows, type Signature } from "../../tensors/signature.ts";
import { noTensors, type Tensors } from "../../tensors/tensor.ts";
import { readElements } from "../grpc/infer-messages.ts";
import { type InferTensorContents, type Long, numberOf } from "../grpc/messages.ts";
import { grpcStatus } from "../grpc/status.ts";
import type { RemoteContext } from "../remote/remote-runtime.ts";
import { RemoteTensorRunner } from "../remote/remote-tensor-runner.ts";
import { signatureOf } from "./connect.ts";
import type { GrpcEngine } from "./grpc-engine.ts";
import type { OpenInferenceOptions } from "./open-inference-runtime.ts";

interface TensorMetadata {
  name: string;
  datatype: string;
  shape: Long[];
}

interface Answer {
  outputs: (TensorMetadata & { contents: InferTensorContents | null })[];
  raw_output_contents: Buffer[];
}

/** The model as the engine calls it. */
interface Named {
  name: string;
  /** Empty where the engine is to choose. */
  version: string;
}

/** Asks an engine what the model takes, and gives what runs it. @throws as the engine, SERVING_REMOTE_FAILED */
export async function connectOverGrpc(
  engine: GrpcEngine,
  wanted: RemoteContext & { options: OpenInferenceOptions },
): Promise<TensorRunner> {
  const { options, model } = wanted;
  const named = { name: options.model, version: options.version ?? "" };
  const { inputs, outputs } = await engine.call<Record<"inputs" | "outputs", TensorMetadata[]>>("ModelMetadata", named);
  const plain = (specs: TensorMetadata[]) => specs.map((spec) => ({ ...spec, shape: spec.shape.map(numberOf) }));
  const signature = options.signature ?? signatureOf({ inputs: plain(inputs), outputs: plain(outputs) }, model);
  const mostRows = await largestBatch(engine, named);
  return new RemoteTensorRunner(engine, {
    ...wanted,
    signature,
    mostRows: mostRows > 0 ? mostRows : undefined,
    batches: mostRows > 1 && hasRows(signature),
    ask: async (tensors, run) =>
      readAnswer(await engine.call<Answer>("ModelInfer", inferRequest(tensors, { signature, named, run }), run), model),
  });
}

/** The most rows that a model of Triton takes at once; 0 where it joins none, or where the engine tells no configuration. */
async function largestBatch(engine: GrpcEngine, named: Named): Promise<number> {
  try {
    const { config } = await engine.call<{ config: { max_batch_size: number } | null }>("ModelConfig", named);
    return config?.max_batch_size ?? 0;
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
    if (code === grpcStatus.unimplemented || code === grpcStatus.notFound) return 0;
    throw error;
  }
}

/** What the engine is asked for one run. */
function inferRequest(
  inputs: Tensors,
  { signature, named, run }: { signature: Signature; named: Named; run: RunOptions },
): object {
  const tensors = signature.inputs.map(({ name }) => ({ name, tensor: inputs[name]! }));
  const { requestId, sequence } = run;
  return {
    model_name: named.name,
    model_version: named.version,
    id: requestId ?? "",
    parameters: sequence && {
      sequence_id: { string_param: sequence.id },
      sequence_start: { bool_param: sequence.start === true },
      sequence_end: { bool_param: sequence.end === true },
    },
    inputs: tensors.map(({ name, tensor: { datatype, shape } }) => ({ name, datatype, shape })),
    outputs: signature.outputs.map(({ name }) => ({ name })),
    raw_input_contents: tensors.map(({ tensor }) => tensorBytes(tensor)),
  };
}

/** The tensors of an answer, raw or in their lists. @throws SERVING_REMOTE_FAILED */
function readAnswer({ outputs, raw_output_contents: raws }: Answer, model: string): Tensors {
  const tensors = noTensors();
  try {
    for (const [i, output] of outputs.entries()) {
      const datatype = findDatatype(output.datatype)!;
      const wanted = { datatype, shape: output.shape.map(numberOf), where: `outputs ("${output.name}")`, raw: raws[i] };
      tensors[output.name] = readElements({ ...output, parameters: {} }, wanted);
    }
  } catch (cause) {
    throw servingErrors.SERVING_REMOTE_FAILED({ model, problem: "answered a tensor that does not hold what it says", cause });
  }
  return tensors;
}
