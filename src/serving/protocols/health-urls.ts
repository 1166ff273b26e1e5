import { apiView, byMethod, csrfExempt, type HttpRequest, include, json, path, type UrlPattern } from "#http";
import { serverReady, waitingModels } from "./waiting-models.ts";

/** `health/live` and `health/ready`, for whoever watches the process. */
export function healthUrls(): UrlPattern<{}>[] {
  const live = () => json({ live: true });
  const ready = (request: HttpRequest) => {
    const { models } = request.services;
    if (models.draining) return json({ ready: false, stopping: true }, { status: 503 });
    const waiting = waitingModels(models);
    // Strangers ask here, and may not know of the others.
    const names = waiting.filter(({ access }) => access === "public").map(({ name }) => name);
    const isReady = serverReady(models);
    const told = { ready: isReady, ...(waiting.length > 0 || !isReady ? { waiting: names } : {}) };
    return json(told, { status: isReady ? 200 : 503 });
  };
  const views = [
    path("live", apiView(csrfExempt(byMethod({ GET: live })))),
    path("ready", apiView(csrfExempt(byMethod({ GET: ready })))),
  ];
  return [path("health/", include(views))];
}
