import { apiView, byMethod, type HttpRequest, json, path, type UrlPattern } from "#http";

/** True when every model that has versions can answer. */
export function allReady(request: HttpRequest): boolean {
  return request.services.models.list().every((model) => model.ready || !model.served || model.versions.length === 0);
}

/** `health/live` and `health/ready`, for whoever watches the process. */
export function healthUrls(): UrlPattern<{}>[] {
  const live = () => json({ live: true });
  const ready = (request: HttpRequest) => {
    const isReady = allReady(request);
    const waiting = request.services.models.list().filter((model) => !model.ready && model.served && model.versions.length > 0);
    return json(
      { ready: isReady, ...(isReady ? {} : { waiting: waiting.map((model) => model.name) }) },
      { status: isReady ? 200 : 503 },
    );
  };
  return [path("health/live", apiView(byMethod({ GET: live }))), path("health/ready", apiView(byMethod({ GET: ready })))];
}
