import type { ModelInfo } from "../models/model-info.ts";
import type { ModelServer } from "../models/model-server.ts";

/** The models that are to answer and cannot yet; one without a version waits for nothing. */
export function waitingModels(models: ModelServer): ModelInfo[] {
  return models.list().filter(({ ready, served, versions }) => !ready && served && versions.length > 0);
}

/** True when every model that is to answer can, and the server is not about to stop. */
export function serverReady(models: ModelServer): boolean {
  return !models.draining && waitingModels(models).length === 0;
}
