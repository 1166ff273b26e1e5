import type { VersionStatistics } from "../engines/statistics.ts";
import type { Handler } from "../handlers/handler.ts";
import type { Manifest } from "../repositories/manifest.ts";
import type { Signature } from "../tensors/signature.ts";

/** Where a version stands: it is loaded when asked for, and let go when others are used more. */
export type VersionState = "unloaded" | "loading" | "ready" | "failed";

/** A version, as it is listed. */
export interface VersionInfo {
  version: string;
  state: VersionState;
  /** Why it does not load. */
  error?: string;
  /** ISO 8601. */
  created?: string;
  metrics?: Record<string, number>;
  signature?: Signature;
  statistics: VersionStatistics;
}

/** A model, as it is described. */
export interface ModelInfo {
  name: string;
  description?: string;
  /** Who may ask it. */
  access: "public" | "permission";
  /** True when some version is ready. */
  ready: boolean;
  /** The versions' numbers, newest first. */
  versions: string[];
  aliases: Record<string, string>;
  signature?: Signature;
  metrics?: Record<string, number>;
  /** Absent for a model that is served as it lies in its folder. */
  handler?: Handler;
  manifest?: Manifest;
}
