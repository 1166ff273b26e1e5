import { html, type HttpRequest, type HttpResponse, type ResponseInit } from "#http";
import type { Engine, TemplateChoice, TypedTemplate } from "#templates";
import { requestContext } from "./context-processors.ts";

/** How a rendered page is answered. */
export interface RenderOptions extends ResponseInit {
  /** `text/html; charset=utf-8` by default. */
  contentType?: string | undefined;
  /** The engine that renders it; the project's own by default. */
  using?: Engine | undefined;
}

/**
 * Answers with a template.
 *
 * ```ts
 * return render(request, "shop/coffee.html", { coffee_list: Coffee.objects.all() }, { status: 200 });
 * ```
 */
export function render(
  request: HttpRequest,
  template: TemplateChoice,
  ...[context, options]: [context?: Record<string, unknown>, options?: RenderOptions]
): Promise<HttpResponse>;
export function render<Context extends object>(
  request: HttpRequest,
  template: TypedTemplate<Context>,
  ...[context, options]: [context: NoInfer<Context>, options?: RenderOptions]
): Promise<HttpResponse>;
export async function render(
  request: HttpRequest,
  template: TemplateChoice,
  ...[context, options = {}]: [context?: object, options?: RenderOptions]
): Promise<HttpResponse> {
  const { contentType, using, ...init } = options;
  const response = html(await renderToString(request, template, context, using), init);
  if (contentType !== undefined) response.setHeader("content-type", contentType);
  return response;
}

/** The text of a template, rendered for a request: `await renderToString(request, "shop/mail.txt", { order })`. */
export function renderToString(
  request: HttpRequest,
  template: TemplateChoice,
  ...[context, using]: [context?: object, using?: Engine]
): Promise<string>;
export function renderToString<Context extends object>(
  request: HttpRequest,
  template: TypedTemplate<Context>,
  ...[context, using]: [context: NoInfer<Context>, using?: Engine]
): Promise<string>;
export async function renderToString(
  request: HttpRequest,
  template: TemplateChoice,
  ...[context = {}, using = request.services.templates]: [context?: object, using?: Engine]
): Promise<string> {
  return using.render(template, Object.assign(await requestContext(request), context));
}
