import type { Runtime } from "../../engines/runtime.ts";
import { servingErrors } from "../../errors.ts";
import { tensorFlowTypes } from "../../bodies/tensorflow-serving/metadata.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import { checkStatus } from "../remote/check-status.ts";
import { readJson } from "../remote/read-json-answer.ts";
import type { RemoteClient } from "../remote/remote-client.ts";
import type { RemoteOptions } from "../remote/remote-options.ts";
import { type RemoteContext, remoteRuntime } from "../remote/remote-runtime.ts";
import { RemoteTensorRunner } from "../remote/remote-tensor-runner.ts";
import { columnsAnswer, columnsQuestion } from "./columns.ts";

export interface TensorFlowServingOptions extends RemoteOptions {
  /** The label of the version that it is to run, in place of `version`. */
  label?: string | undefined;
  /** Which of the model's signatures is run. Default `"serving_default"`. */
  signatureName?: string | undefined;
}

/**
 * Runs a model on TensorFlow Serving, over its REST port. Cortado checks, queues, batches and logs what goes there; rows
 * are run together where the handler says `batch: { maxSize }`.
 *
 * ```ts
 * export const half = handler({ name: "half", runtime: tensorFlowServing({ url: "http://tf:8501", model: "half_plus_two" }) });
 * ```
 * @throws SERVING_BAD_REMOTE
 */
export function tensorFlowServing(options: TensorFlowServingOptions): Runtime {
  return remoteRuntime(options, {
    kind: "tensorflow-serving",
    name: "tensorFlowServing",
    connect: (client, context) => connect(client, { ...context, options }),
  });
}

interface Wanted extends RemoteContext {
  options: TensorFlowServingOptions;
}

async function connect(client: RemoteClient, wanted: Wanted): Promise<RemoteTensorRunner> {
  const { model, version, label, signatureName = "serving_default" } = wanted.options;
  const ofLabel = label === undefined ? "" : `/labels/${encodeURIComponent(label)}`;
  const named = version === undefined ? ofLabel : `/versions/${encodeURIComponent(version)}`;
  const path = `v1/models/${encodeURIComponent(model)}${named}`;
  const metadata = readJson(checkStatus(await client.ask({ path: `${path}/metadata` }), wanted), wanted.model);
  const signature = signatureOf(metadata, { name: signatureName, model: wanted.model });
  return RemoteTensorRunner.overHttp(client, {
    ...wanted,
    signature,
    batches: false,
    question: (inputs) => ({
      path: `${path}:predict`,
      body: [columnsQuestion(inputs, signature, signatureName)],
      headers: { "content-type": "application/json" },
    }),
    outputs: (answer) => columnsAnswer(answer, signature, wanted.model),
  });
}

const datatypeOf = new Map(Object.entries(tensorFlowTypes).map(([datatype, name]) => [name, datatype as Datatype]));

interface TensorInfo {
  dtype?: string;
  tensor_shape?: { unknown_rank?: boolean; dim?: { size: string }[] };
}

type SignatureDef = { inputs?: Record<string, TensorInfo>; outputs?: Record<string, TensorInfo> };

function signatureOf(metadata: object, { name, model }: { name: string; model: string }): Signature {
  const failed = (problem: string) => servingErrors.SERVING_REMOTE_FAILED({ model, problem });
  const { metadata: inner } = metadata as { metadata?: { signature_def?: { signature_def?: Record<string, SignatureDef> } } };
  const signatures = inner?.signature_def?.signature_def ?? {};
  const found = Object.hasOwn(signatures, name) ? signatures[name]! : undefined;
  if (found === undefined) throw failed(`has no signature "${name}" of the model; it has: ${Object.keys(signatures).join(", ")}`);
  const specOf = ([tensor, { dtype = "", tensor_shape: shape }]: [string, TensorInfo]): TensorSpec => {
    const datatype = datatypeOf.get(dtype);
    if (datatype === undefined) throw failed(`has "${tensor}" of the type ${dtype}, which is not known here`);
    if (shape?.unknown_rank) throw failed(`does not tell how many dimensions "${tensor}" has`);
    return { name: tensor, datatype, shape: (shape?.dim ?? []).map(({ size }) => Math.max(Number(size), -1)) };
  };
  return {
    inputs: Object.entries(found.inputs ?? {}).map(specOf),
    outputs: Object.entries(found.outputs ?? {}).map(specOf),
  };
}
