import type { ModelInfo } from "../models/model-info.ts";
import type { ModelServer } from "../models/model-server.ts";

/** The models that are to answer and cannot; one without a version waits for nothing. */
export function waitingModels(models: ModelServer): ModelInfo[] {
  return models.list().filter(({ ready, served, versions }) => !ready && served && versions.length > 0);
}

/**
 * True when requests are to be sent here: every model that was there at the start has been tried, the server is not about to
 * stop, and where some models do not answer, others do. Where readiness is strict, all have to.
 */
export function serverReady(models: ModelServer): boolean {
  if (models.draining || !models.tried) return false;
  if (waitingModels(models).length === 0) return true;
  return !models.strictReadiness && models.list().some(({ ready }) => ready);
}
