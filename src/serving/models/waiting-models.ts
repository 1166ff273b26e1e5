import type { ModelInfo } from "./model-info.ts";
import type { ModelServer } from "./model-server.ts";

/** The models that are to answer and cannot yet; one without a version waits for nothing. While there are any, the server is not ready. */
export function waitingModels(models: ModelServer): ModelInfo[] {
  return models.list().filter(({ ready, served, versions }) => !ready && served && versions.length > 0);
}
