import { apiView, byMethod, type HttpRequest, json, path, type UrlPattern } from "#http";
import { waitingModels } from "../models/waiting-models.ts";

/** `health/live` and `health/ready`, for whoever watches the process. */
export function healthUrls(): UrlPattern<{}>[] {
  const live = () => json({ live: true });
  const ready = (request: HttpRequest) => {
    const waiting = waitingModels(request.services.models);
    if (waiting.length === 0) return json({ ready: true });
    // Strangers ask here, and may not know of the others.
    const names = waiting.filter(({ access }) => access === "public").map(({ name }) => name);
    return json({ ready: false, waiting: names }, { status: 503 });
  };
  return [path("health/live", apiView(byMethod({ GET: live }))), path("health/ready", apiView(byMethod({ GET: ready })))];
}
