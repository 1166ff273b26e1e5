import type { Batching } from "../../engines/engine.ts";
import type { ModelInfo, VersionInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import { hasRows, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { findTensorModel, type Params, platformOf } from "./tensor-model.ts";

/** An input or output in a model's configuration. `dims` leave the batch out where the model has one. */
interface ConfigTensor {
  name: string;
  data_type: string;
  dims: readonly number[];
}

/** A model's configuration as Triton's clients read it, with the names that its `ModelConfig` has. */
export interface ModelConfig {
  name: string;
  platform: string;
  backend: string;
  version_policy: object;
  /** The most rows that are run together; 0 where the first dimension is no batch. */
  max_batch_size: number;
  input: ConfigTensor[];
  output: ConfigTensor[];
  instance_group: { name: string; kind: "KIND_CPU"; count: number }[];
  default_model_filename: string;
  dynamic_batching?: { max_queue_delay_microseconds: number };
  sequence_batching?: object;
  response_cache: { enable: boolean };
  model_transaction_policy: { decoupled: boolean };
  parameters: object;
}

/** The configuration of a model, or of one version of it, as it is in force. Loads the version. @throws HttpError 404 */
export async function modelConfig(models: ModelServer, params: Params): Promise<ModelConfig> {
  const model = findTensorModel(models, params);
  const { version, signature } = await models.signature(params.name, { version: params.version });
  return configOf(model, models.describeVersion(params.name, version), signature ?? { inputs: [], outputs: [] });
}

function configOf(model: ModelInfo, { batching }: VersionInfo, signature: Signature): ModelConfig {
  const options = model.handler?.options;
  const platform = platformOf(model);
  const batch = batching?.enabled && hasRows(signature) ? batching : undefined;
  return {
    name: model.name,
    platform,
    backend: platform.replace(/_.*/, ""),
    version_policy: { all: {} },
    max_batch_size: batch?.maxSize ?? 0,
    input: signature.inputs.map((spec) => configTensor(spec, batch)),
    output: signature.outputs.map((spec) => configTensor(spec, batch)),
    instance_group: [{ name: model.name, kind: "KIND_CPU", count: options?.instances ?? 1 }],
    default_model_filename: MODEL_FILE,
    ...(batch ? { dynamic_batching: { max_queue_delay_microseconds: Math.round(batch.maxDelay * 1000) } } : {}),
    ...(options?.sequence ? { sequence_batching: { direct: {} } } : {}),
    response_cache: { enable: Boolean(options?.cache) },
    model_transaction_policy: { decoupled: false },
    parameters: {},
  };
}

function configTensor({ name, datatype, shape }: TensorSpec, batch: Batching | undefined): ConfigTensor {
  return { name, data_type: configDatatype(datatype), dims: batch ? shape.slice(1) : shape };
}

/** `TYPE_FP32`; texts are `TYPE_STRING`. */
function configDatatype(datatype: Datatype): string {
  return datatype === "BYTES" ? "TYPE_STRING" : `TYPE_${datatype}`;
}
