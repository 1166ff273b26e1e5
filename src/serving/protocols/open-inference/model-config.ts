import type { Batching } from "../../engines/engine.ts";
import type { ModelInfo, VersionInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import type { VersionPolicy } from "../../models/version-policy.ts";
import { MODEL_FILE } from "../../repositories/version-folders.ts";
import type { Datatype } from "../../tensors/datatypes.ts";
import { hasRows, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { itemsSignature, spokenSignature } from "./items-as-tensors.ts";
import { type Scheduling, schedulingOf } from "./model-scheduling.ts";
import { textSignature } from "./text-tensors.ts";
import { findTensorModel, type Params, platformOf } from "./tensor-model.ts";

/** An input or output in a model's configuration. `dims` leave the batch out where the model has one. */
interface ConfigTensor {
  name: string;
  data_type: string;
  dims: readonly number[];
}

/** A model's configuration as Triton's clients read it, with the names that its `ModelConfig` has. */
export interface ModelConfig extends Scheduling {
  name: string;
  platform: string;
  backend: string;
  version_policy: object;
  /** The most rows that are run together; 0 where the first dimension is no batch. */
  max_batch_size: number;
  input: ConfigTensor[];
  output: ConfigTensor[];
  instance_group: { name: string; kind: "KIND_CPU"; count: number }[];
  /** Empty where the runtime reads no file of one name. */
  default_model_filename: string;
  response_cache: { enable: boolean };
  /** Decoupled where a request may be answered in many pieces, on a stream. */
  model_transaction_policy: { decoupled: boolean };
  parameters: object;
}

/** The configuration of a model, or of one version of it, as it is in force. Loads the version. @throws HttpError 404 */
export async function modelConfig(models: ModelServer, params: Params): Promise<ModelConfig> {
  const model = findTensorModel(models, params);
  const signed = await models.signature(params.name, { version: params.version });
  const version = models.describeVersion(params.name, signed.version);
  return {
    ...configOf(model, version, spokenSignature(models, params.name, signed)),
    model_transaction_policy: { decoupled: signed.streams },
  };
}

function configOf(model: ModelInfo, version: VersionInfo, signature: Signature): Omit<ModelConfig, "model_transaction_policy"> {
  const options = model.handler?.options;
  const { batching, runtime = "onnx" } = version;
  const platform = platformOf(version);
  const takesTensors = signature !== itemsSignature && signature !== textSignature;
  const batch = takesTensors && batching?.enabled && hasRows(signature) ? batching : undefined;
  return {
    name: model.name,
    platform,
    backend: platform.replace(/_.*/, ""),
    version_policy: versionPolicy(model.policy),
    max_batch_size: batch?.maxSize ?? 0,
    input: signature.inputs.map((spec) => configTensor(spec, batch)),
    output: signature.outputs.map((spec) => configTensor(spec, batch)),
    instance_group: [{ name: model.name, kind: "KIND_CPU", count: model.limits.instances }],
    default_model_filename: runtime === "onnx" ? MODEL_FILE : "",
    ...schedulingOf(model, batch),
    response_cache: { enable: Boolean(options?.cache) },
    parameters: {},
  };
}

/** Which versions are served; numbers, as the protocol has them. */
function versionPolicy(policy: VersionPolicy): object {
  if (policy === "all") return { all: {} };
  return "latest" in policy ? { latest: { num_versions: policy.latest } } : { specific: { versions: policy.map(Number) } };
}

function configTensor({ name, datatype, shape }: TensorSpec, batch: Batching | undefined): ConfigTensor {
  return { name, data_type: configDatatype(datatype), dims: batch ? shape.slice(1) : shape };
}

/** `TYPE_FP32`; texts are `TYPE_STRING`. */
function configDatatype(datatype: Datatype): string {
  return datatype === "BYTES" ? "TYPE_STRING" : `TYPE_${datatype}`;
}
