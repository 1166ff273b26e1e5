import type { HttpRequest, HttpResponse } from "#http";
import { render } from "./render.ts";

/** What a new project shows at `/` in development, until it has a page of its own there. */
export function welcome(request: HttpRequest): Promise<HttpResponse> {
  return render(request, "cortado/welcome.html", { root: request.services.settings.root });
}
