import { apiView, byMethod, type HttpRequest, json, path, type UrlPattern } from "#http";

/** True when every model that has versions can answer. */
export function allReady(request: HttpRequest): boolean {
  return request.services.models.list().every((model) => model.ready || !model.served || model.versions.length === 0);
}

/** The models that cannot answer yet, as far as strangers may know of them. */
function waitingModels(request: HttpRequest): string[] {
  return request.services.models
    .list()
    .filter(({ access, ready, served, versions }) => access === "public" && !ready && served && versions.length > 0)
    .map(({ name }) => name);
}

/** `health/live` and `health/ready`, for whoever watches the process. */
export function healthUrls(): UrlPattern<{}>[] {
  const live = () => json({ live: true });
  const ready = (request: HttpRequest) => {
    const isReady = allReady(request);
    return json(isReady ? { ready: true } : { ready: false, waiting: waitingModels(request) }, { status: isReady ? 200 : 503 });
  };
  return [path("health/live", apiView(byMethod({ GET: live }))), path("health/ready", apiView(byMethod({ GET: ready })))];
}
