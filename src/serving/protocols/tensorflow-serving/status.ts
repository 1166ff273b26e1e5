import type { VersionInfo, VersionState } from "../../models/model-info.ts";

/** A version that is not loaded is loaded when it is asked for, so its clients need not wait for it. */
const states: Readonly<Record<VersionState, string>> = {
  unloaded: "AVAILABLE",
  loading: "LOADING",
  ready: "AVAILABLE",
  unloading: "UNLOADING",
  failed: "END",
};

/** The states of versions, newest first. */
export function statusOf(versions: readonly VersionInfo[]): object {
  return {
    model_version_status: versions.map(({ version, state, error }) => ({
      version,
      state: states[state],
      status: error === undefined ? { error_code: "OK", error_message: "" } : { error_code: "UNKNOWN", error_message: error },
    })),
  };
}
