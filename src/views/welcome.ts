import type { HttpRequest, HttpResponse } from "#http";
import { render } from "./render.ts";

/** What a new project shows at `/` in development, until it has a page of its own there. */
export function welcome(request: HttpRequest): Promise<HttpResponse> {
  const { apps, root } = request.services.settings;
  const hasAdmin = apps.some((app) => app.name === "admin");
  return render(request, "cortado/welcome.html", { hasAdmin, root });
}
