import { keepLocale } from "#kernel/i18n";
import { type HttpRequest, HttpResponse, type ResponseInit } from "#http";
import type { TemplateChoice } from "#templates";
import { renderToString } from "./render.ts";

/** An answer whose template is not rendered yet: middleware may change the template and the context. */
export class TemplateResponse extends HttpResponse {
  template: TemplateChoice;
  context: Record<string, unknown>;
  /** In the language and the time zone of the view, although it runs when these may be others again. */
  readonly #render: () => Promise<string>;
  readonly #callbacks: ((response: TemplateResponse) => void | Promise<void>)[] = [];
  #isRendered = false;

  constructor(request: HttpRequest, template: TemplateChoice, given: { context: Record<string, unknown>; init: ResponseInit }) {
    super(null, given.init);
    this.headers["content-type"] ??= "text/html; charset=utf-8";
    this.#render = keepLocale(() => renderToString(request, this.template, this.context));
    this.template = template;
    this.context = given.context;
  }

  get isRendered(): boolean {
    return this.#isRendered;
  }

  /** Calls a function when the body is there; at once where it is there already. */
  async afterRender(callback: (response: TemplateResponse) => void | Promise<void>): Promise<void> {
    if (this.#isRendered) await callback(this);
    else this.#callbacks.push(callback);
  }

  /** Renders the template into the body, once. It happens by itself when every middleware has had its turn. */
  override async complete(): Promise<void> {
    if (this.#isRendered) return;
    this.body = await this.#render();
    this.#isRendered = true;
    for (const callback of this.#callbacks) await callback(this);
  }
}

/**
 * Answers with a template that is rendered only when every middleware has had its turn: until then they may change
 * `template` and `context`.
 *
 * ```ts
 * export const coffee = (request: HttpRequest) => templateResponse(request, "coffee.html", { beans: 3 });
 * const addNews: Middleware = async (request, next) => {
 *   const response = await next();
 *   if (response instanceof TemplateResponse) response.context["news"] = ["A new roaster."];
 *   return response;
 * };
 * ```
 */
export function templateResponse(
  request: HttpRequest,
  template: TemplateChoice,
  ...[context = {}, init = {}]: [context?: Record<string, unknown>, init?: ResponseInit]
): TemplateResponse {
  return new TemplateResponse(request, template, { context, init });
}
