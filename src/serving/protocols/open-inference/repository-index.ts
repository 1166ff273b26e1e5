import type { IndexEntry, VersionState } from "../../models/model-info.ts";
import type { ModelServer } from "../../models/model-server.ts";

/** A version of the index with the names that Triton has. */
export interface RepositoryEntry {
  name: string;
  version: string;
  state: "UNAVAILABLE" | "LOADING" | "READY" | "UNLOADING";
  /** Why it is not ready; empty where it is. */
  reason: string;
}

const states: Readonly<Record<VersionState, RepositoryEntry["state"]>> = {
  unloaded: "UNAVAILABLE",
  loading: "LOADING",
  ready: "READY",
  unloading: "UNLOADING",
  failed: "UNAVAILABLE",
};

/** Every version of these models, loaded or not; `ready` leaves out those that are not ready. */
export async function repositoryIndex(
  models: ModelServer,
  { visible, ready }: { visible: readonly { name: string }[]; ready: boolean },
): Promise<RepositoryEntry[]> {
  const names = new Set(visible.map(({ name }) => name));
  const entries = (await models.index()).filter(({ name, state }) => names.has(name) && (!ready || state === "ready"));
  return entries.map(entryOf);
}

function entryOf({ name, version, state, error }: IndexEntry): RepositoryEntry {
  return { name, version, state: states[state], reason: state === "ready" ? "" : (error ?? state) };
}
