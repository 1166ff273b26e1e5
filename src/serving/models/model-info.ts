import type { Batching } from "../engines/engine.ts";
import type { Limits } from "../engines/limits.ts";
import type { VersionStatistics } from "../engines/statistics.ts";
import type { Handler } from "../handlers/handler.ts";
import type { Task } from "../engines/task.ts";
import type { AliasRecord } from "../aliases/alias-target.ts";
import type { Manifest } from "../repositories/manifest.ts";
import type { Signature } from "../tensors/signature.ts";
import type { VersionPolicy } from "./version-policy.ts";
import type { ShadowStatistics } from "../aliases/shadow-comparison.ts";

/** Where a version stands: it is loaded when asked for, and let go when others are used more, once what was in flight is answered. */
export type VersionState = "unloaded" | "loading" | "ready" | "unloading" | "failed";

/** A version in the index of what the repositories have, loaded or not. */
export interface IndexEntry extends Pick<VersionInfo, "version" | "state" | "error"> {
  /** The model's name. */
  name: string;
}

/** A version, as it is listed. */
export interface VersionInfo {
  version: string;
  state: VersionState;
  /** What runs it: `"onnx"`, `"python"`, `"functions"`, … Where its files say that, absent until it is loaded. */
  runtime?: string;
  /** Why it does not load. */
  error?: string;
  /** ISO 8601. */
  created?: string;
  /** The commit or the entity tag that its files are of, where its source has such. */
  revision?: string;
  metrics?: Record<string, number>;
  signature?: Signature;
  /** Since when it is loaded, ISO 8601. */
  loadedAt?: string;
  /** How rows are run together, while it is loaded. */
  batching?: Batching;
  /** How many questions wait for a run, while it is loaded. */
  waiting?: number;
  /** Bytes that it occupies while it is loaded: as measured, where that can be told, else what its files have. */
  memory?: number;
  statistics: VersionStatistics;
}

/** What deciding about a request and reading it need of a model: looked up for every prediction, so it is made of nothing new. */
export interface ModelGlance {
  readonly name: string;
  /** Who may ask it. */
  readonly access: "public" | "permission";
  /** Absent for a model that is served as it lies in its folder. */
  readonly handler?: Handler | undefined;
  /** How its versions are run side by side, together, and wait. */
  readonly limits: Limits;
  /** What the version of the alias `default` takes and gives, where it is loaded and has tensors. */
  readonly signature?: Signature | undefined;
}

/** A model, as it is described. */
export interface ModelInfo {
  name: string;
  description?: string;
  /** Who may ask it. */
  access: "public" | "permission";
  /** True when a request without a version can be answered. */
  ready: boolean;
  /** False for a model that answers nothing until it is loaded explicitly. */
  served: boolean;
  /** What runs it: the `runtime` of the version that `default` names. */
  runtime?: string;
  /** The versions' numbers, newest first. */
  versions: string[];
  /** Which of the versions that there are it serves. */
  policy: VersionPolicy;
  /** How they are run side by side, together, and wait: as the handler says, and the server where it does not. */
  limits: Limits;
  /** Aliases with the versions that they name, `default` included. */
  aliases: Record<string, string>;
  /** What each alias that somebody set names in full: its canary, its shadow, and the versions that it named before. */
  targets: Record<string, AliasRecord>;
  /** What the shadows of aliases have shown since the process started. */
  shadows: Record<string, ShadowStatistics>;
  /** What it does on OpenAI's addresses, where that is declared, or known since the version of the alias `default` was loaded. */
  tasks?: readonly Task[];
  signature?: Signature;
  metrics?: Record<string, number>;
  /** Absent for a model that is served as it lies in its folder. */
  handler?: Handler;
  manifest?: Manifest;
}
