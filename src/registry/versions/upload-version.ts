import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Services } from "#kernel";
import { isModelFile, isModelName, type Manifest } from "#serving";
import { storageDirectory } from "#storage";
import { registryErrors } from "../errors.ts";
import type { ModelVersion } from "../models.ts";
import { publishVersion } from "./version-store.ts";

/** Files that someone sent, to become a version. */
export interface UploadedArtifact {
  model: string;
  files: readonly { name: string; stream(): Readable }[];
  /** Who sent them. */
  by?: string | undefined;
}

const modelFile = "model.onnx";
const plainName = /^[A-Za-z0-9][\w.-]{0,127}$/;

/**
 * Makes a version of uploaded files: `model.onnx`, and the plain files that it needs beside it. A single `.onnx` file may have
 * any name. Where a handler has a runtime or code of its own, the files are those that it reads. They become a version only
 * when it loads.
 * @throws REGISTRY_BAD_ARTIFACT, REGISTRY_NO_SPACE, SERVING_UNKNOWN_MODEL, SERVING_VERSION_FAILED
 */
export async function uploadVersion(services: Services, artifact: UploadedArtifact): Promise<ModelVersion> {
  const names = namesOf(artifact, needsModelFile(services, artifact.model));
  const manifest = await learnedWords(services, artifact.model);
  const uploads = join(storageDirectory(services.settings.storage, services.settings.root), "uploads");
  await mkdir(uploads, { recursive: true });
  const directory = await mkdtemp(join(uploads, "upload-"));
  try {
    for (const [at, file] of artifact.files.entries()) {
      await pipeline(file.stream(), createWriteStream(join(directory, names[at]!), { flags: "wx" }));
    }
    const origin = `upload by ${artifact.by || "unknown"}`;
    return await publishVersion(services, { model: artifact.model, directory, origin, manifest });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") throw registryErrors.REGISTRY_NO_SPACE({ model: artifact.model, cause: error });
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * What a model that learns from rows knows of its columns and classes: no file says it, so an uploaded one goes by those of
 * the version that answers. @throws REGISTRY_BAD_ARTIFACT before there is one
 */
async function learnedWords({ models }: Services, model: string): Promise<Pick<Manifest, "columns" | "labels">> {
  const { handler } = models.glance(model);
  if (handler?.options.train?.kind !== "tabular" || handler.options.preprocess) return {};
  // One that is loaded when it is asked for first may not have been asked yet.
  await models.signature(model).catch(() => {});
  const { columns, labels } = models.describe(model).manifest ?? {};
  if (columns === undefined) {
    const reason = "a model that learns from rows has to be trained once, before files for it are uploaded";
    throw registryErrors.REGISTRY_BAD_ARTIFACT({ model, reason, hint: `Train it: cortado train ${model}.` });
  }
  return { columns, ...(labels && { labels }) };
}

/** A handler that runs its versions by code or a runtime of its own knows what files it wants. */
function needsModelFile(services: Services, model: string): boolean {
  const { runtime, inference, stream } = services.models.glance(model).handler?.options ?? {};
  return !runtime && !inference && !stream;
}

/** The names under which the files are kept: plain, each once, with a model among them where files are what runs. */
function namesOf({ model, files }: UploadedArtifact, needsModel: boolean): string[] {
  const refuse = (reason: string) => registryErrors.REGISTRY_BAD_ARTIFACT({ model, reason });
  if (!isModelName(model)) throw refuse("the model's name is not one");
  if (files.length === 0) throw refuse("no file was sent");
  const names = files.map((file) => file.name);
  if (needsModel && names.length === 1 && names[0]!.endsWith(".onnx")) return [modelFile];
  const bad = names.find((name) => !plainName.test(name) || name.includes("..") || name.startsWith("manifest.json"));
  if (bad !== undefined) throw refuse(`"${bad.slice(0, 60)}" is not a plain file name`);
  if (new Set(names).size < names.length) throw refuse("two files have the same name");
  if (needsModel && !names.some(isModelFile)) throw refuse(`there is no ${modelFile} among ${names.join(", ")}`);
  return names;
}
