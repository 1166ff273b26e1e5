import type { VersionPolicy } from "./version-policy.ts";

/** When models are loaded and let go. */
export interface LoadingOptions {
  /** Whether the repositories are looked at again and again, or models are loaded and unloaded explicitly. Default: `"poll"`. */
  mode?: "poll" | "explicit" | undefined;
  /** The models that are loaded at the start in explicit mode; `"*"` stands for all. */
  load?: readonly string[] | undefined;
  /** Whether models are loaded before anyone asks for them. Default: `"eager"`. */
  loading?: "eager" | "lazy" | undefined;
  /** Bytes that the loaded models may occupy together; what was asked for longest ago is let go. Default: no limit. */
  memory?: number | undefined;
  /**
   * True where one model that does not load keeps the whole server from being ready. Default: it is ready once every model
   * that is there at the start has been tried, and one of them answers.
   */
  strictReadiness?: boolean | undefined;
  /** Seconds without a request after which a loaded version is let go, where no handler says it. Default: it stays. */
  idle?: number | undefined;
  /** Which versions are served, where no handler says it. Default: `"all"`. */
  versions?: VersionPolicy | undefined;
}
