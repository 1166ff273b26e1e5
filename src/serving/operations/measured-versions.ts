import type { VersionInfo } from "../models/model-info.ts";
import type { ModelServer } from "../models/model-server.ts";

/** A version of a model, as metrics tell it. */
export interface MeasuredVersion extends VersionInfo {
  model: string;
}

/** Every version of every model that was ever asked or is loaded. */
export function measuredVersions(models: ModelServer): MeasuredVersion[] {
  return models.list().flatMap(({ name }) =>
    models
      .versions(name)
      .filter(({ state, statistics: { success, fail } }) => state !== "unloaded" || success.count + fail.count > 0)
      .map((version) => ({ ...version, model: name })),
  );
}
