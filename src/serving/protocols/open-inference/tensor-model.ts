import { didYouMean } from "#kernel";
import { HttpError } from "#http";
import type { ModelGlance, ModelInfo, VersionInfo } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";
import { speaksTensors } from "../speaks-tensors.ts";
import type { TensorSpec } from "../../tensors/signature.ts";
import { spokenSignature } from "./items-as-tensors.ts";

/** The parameters of the protocol's addresses. */
export interface Params {
  name: string;
  version?: string;
}

/** The model, and that version of it. @throws HttpError 404 */
export function findModel(models: ModelServer, { name, version }: Params): ModelInfo {
  const model = known(models, name, () => models.describe(name));
  if (version === undefined || model.versions.includes(version)) return model;
  const hint = model.access === "public" ? `. It has: ${model.versions.join(", ")}.` : "";
  throw new HttpError(404, `Request for unknown model: '${name}' version ${version} is not found${hint}`);
}

/** The model, when it speaks tensors. @throws HttpError 404 */
export function findTensorModel(models: ModelServer, params: Params): ModelInfo {
  return tensorsOf(findModel(models, params));
}

/** The little of a model that an inference needs, when it speaks tensors. @throws HttpError 404 */
export function glanceAtTensorModel(models: ModelServer, params: Params): ModelGlance {
  const { name, version } = params;
  return version === undefined ? tensorsOf(known(models, name, () => models.glance(name))) : findTensorModel(models, params);
}

function tensorsOf<T extends ModelGlance>(model: T): T {
  if (speaksTensors(model)) return model;
  throw new HttpError(404, unknownWords(model.name));
}

/** What is found of a model, in the protocol's words where there is none. */
function known<T>(models: ModelServer, name: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    if ((error as { code?: string }).code !== "SERVING_UNKNOWN_MODEL") throw error;
    const open = models.list().filter((model) => model.access === "public" && speaksTensors(model));
    const near = didYouMean(
      name,
      open.map((model) => model.name),
    );
    throw new HttpError(404, near === undefined ? unknownWords(name) : `${unknownWords(name)}. ${near}`);
  }
}

function unknownWords(name: string): string {
  return `Request for unknown model: '${name}' is not found`;
}

/** What the protocol tells of a model. */
export interface ModelMetadata {
  name: string;
  /** Oldest first. */
  versions: string[];
  platform: string;
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
}

/** Describes a model, or one version of it. Loads the version. */
export async function modelMetadata(models: ModelServer, { name, version }: Params): Promise<ModelMetadata> {
  const model = findTensorModel(models, { name, ...(version === undefined ? {} : { version }) });
  const signed = await models.signature(name, { version });
  const { inputs, outputs } = spokenSignature(models, name, signed);
  const platform = platformOf(models.describeVersion(name, signed.version));
  const versions = version === undefined ? model.versions.toReversed() : [version];
  return { name, versions, platform, inputs: inputs.map(plainSpec), outputs: outputs.map(plainSpec) };
}

/** What the protocol has names for. */
function plainSpec({ name, datatype, shape }: TensorSpec): TensorSpec {
  return { name, datatype, shape };
}

/** What runs a loaded version, as the protocol names such things. */
export function platformOf({ runtime = "onnx" }: VersionInfo): string {
  return runtime === "onnx" ? "onnxruntime_onnx" : runtime;
}

/** Whether a model, or one version of it, can answer. Versions are loaded when asked for, so one that was not tried can. */
export function isReady(models: ModelServer, { name, version }: Params): boolean {
  if (version === undefined) return findModel(models, { name }).ready;
  return models.describeVersion(name, version).state !== "failed";
}
