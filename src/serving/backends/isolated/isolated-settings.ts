import type { Limits } from "../../engines/limits.ts";
import type { Inspection } from "../../engines/runtime.ts";
import type { Manifest } from "../../repositories/manifest.ts";

/** What a host is told about a handler that it is to run. */
export interface IsolatedSettings {
  /** The address of the module that exports it. */
  module: string;
  name: string;
  version: string;
  directory: string;
  root: string;
  manifest: Manifest | undefined;
  limits: Limits;
  /** What trying its model found; undefined for a handler without one. */
  inspection: Inspection | undefined;
}
