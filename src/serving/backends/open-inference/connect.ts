import type { TensorRunner } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { findDatatype } from "../../tensors/datatypes.ts";
import { hasRows, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { checkStatus } from "../remote/check-status.ts";
import { readJson } from "../remote/read-json-answer.ts";
import type { RemoteClient } from "../remote/remote-client.ts";
import type { RemoteContext } from "../remote/remote-runtime.ts";
import { RemoteTensorRunner } from "../remote/remote-tensor-runner.ts";
import { inferAnswer } from "./infer-answer.ts";
import { inferQuestion } from "./infer-question.ts";
import type { OpenInferenceOptions } from "./open-inference-runtime.ts";

interface Wanted extends RemoteContext {
  options: OpenInferenceOptions;
}

/** Asks an engine what it speaks and what the model takes. @throws as the client, SERVING_REMOTE_FAILED */
export async function connectOpenInference(client: RemoteClient, wanted: Wanted): Promise<TensorRunner> {
  const { options } = wanted;
  const version = options.version === undefined ? "" : `/versions/${encodeURIComponent(options.version)}`;
  const path = `v2/models/${encodeURIComponent(options.model)}${version}`;
  const { extensions = [] } = (await get(client, "v2", wanted)) as { extensions?: string[] };
  const metadata = (await get(client, path, wanted)) as Metadata;
  const signature = options.signature ?? signatureOf(metadata, wanted.model);
  const most = extensions.includes("model_configuration") ? await largestBatch(client, `${path}/config`, wanted) : 0;
  const binary = options.binary ?? extensions.some((name) => name.startsWith("binary_tensor_data"));
  return RemoteTensorRunner.overHttp(client, {
    ...wanted,
    signature,
    mostRows: most > 0 ? most : undefined,
    batches: most > 1 && hasRows(signature),
    question: (inputs, run) => ({ path: `${path}/infer`, ...inferQuestion(inputs, { signature, binary, options: run }) }),
    outputs: (answer) => inferAnswer(answer, wanted.model),
  });
}

async function get(client: RemoteClient, path: string, wanted: Wanted): Promise<unknown> {
  return readJson(checkStatus(await client.ask({ path }), wanted), wanted.model);
}

/** The most rows that a model of Triton takes at once; 0 where it joins none, or does not say. */
async function largestBatch(client: RemoteClient, path: string, wanted: Wanted): Promise<number> {
  const answer = await client.ask({ path });
  if (answer.status === 404 || answer.status === 501) return 0;
  const { max_batch_size: size } = readJson(checkStatus(answer, wanted), wanted.model) as { max_batch_size?: unknown };
  return typeof size === "number" ? size : 0;
}

interface Metadata {
  inputs?: TensorMetadata[];
  outputs?: TensorMetadata[];
}

interface TensorMetadata {
  name: string;
  datatype: string;
  shape: unknown[];
}

/** What the engine says that the model takes and gives. @throws SERVING_REMOTE_FAILED */
export function signatureOf({ inputs = [], outputs = [] }: Metadata, model: string): Signature {
  const failed = (problem: string) => servingErrors.SERVING_REMOTE_FAILED({ model, problem });
  if (inputs.length === 0 || outputs.length === 0)
    throw failed("does not tell what the model takes and gives, so the runtime must: give it a signature");
  const specOf = ({ name, datatype, shape }: TensorMetadata): TensorSpec => {
    const known = findDatatype(datatype);
    if (known === undefined) throw failed(`has "${name}" of the type ${datatype}, which is not known here`);
    return { name, datatype: known, shape: shape.map((size) => Math.max(Number(size), -1)) };
  };
  return { inputs: inputs.map(specOf), outputs: outputs.map(specOf) };
}
