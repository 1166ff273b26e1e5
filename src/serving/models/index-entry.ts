import type { IndexEntry, IndexState, VersionInfo, VersionState } from "./model-info.ts";

const states: Readonly<Record<VersionState, IndexState>> = {
  unloaded: "UNAVAILABLE",
  loading: "LOADING",
  ready: "READY",
  unloading: "UNLOADING",
  failed: "UNAVAILABLE",
};

/** A version as the index lists it. */
export function indexEntry(name: string, { version, state, error }: VersionInfo): IndexEntry {
  const reason = state === "ready" ? "" : (error ?? state);
  return { name, version, state: states[state], reason };
}
