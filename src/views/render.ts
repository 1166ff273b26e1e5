import { html, type HttpRequest, type HttpResponse, type ResponseInit } from "#http";
// For what it adds to Services: the template engine.
import type {} from "#templates";
import { requestContext } from "./context-processors.ts";

/**
 * Answers with a template.
 *
 * ```ts
 * return render(request, "shop/coffee.html", { coffee_list: Coffee.objects.all() }, { status: 200 });
 * ```
 */
export async function render(
  request: HttpRequest,
  template: string | readonly string[],
  ...[context, init]: [context?: Record<string, unknown>, init?: ResponseInit]
): Promise<HttpResponse> {
  return html(await renderToString(request, template, context), init);
}

/** The text of a template, rendered for a request: `await renderToString(request, "shop/mail.txt", { order })`. */
export async function renderToString(
  request: HttpRequest,
  template: string | readonly string[],
  context: Record<string, unknown> = {},
): Promise<string> {
  return request.services.templates.render(template, { ...(await requestContext(request)), ...context });
}
