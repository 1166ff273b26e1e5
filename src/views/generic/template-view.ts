import { type HttpRequest, methods, type View } from "#http";
import type { TemplateChoice } from "#templates";
import { render } from "../render.ts";
import { describeView, namedView, type Params, type Step, stepValue, type ViewCall } from "./view-call.ts";

/** How a template is shown that needs no rows. */
export interface TemplateViewOptions {
  /** `text/html; charset=utf-8` by default. */
  contentType?: string | undefined;
}

/**
 * Shows a template with the parameters of the address and a context of its own.
 *
 * ```ts
 * path("about/", templateView("about.html"));
 * path("hello/<str:name>/", templateView("hello.html", ({ request }) => ({ now: new Date(), path: request.path })));
 * path("robots.txt", templateView("robots.txt", {}, { contentType: "text/plain" }));
 * ```
 */
export function templateView<P = Params>(
  templateName: Step<TemplateChoice<any>, ViewCall<P>>,
  context: Step<Record<string, unknown>, ViewCall<P>> = {},
  { contentType }: TemplateViewOptions = {},
): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    const templates = (await stepValue(templateName, call))!;
    const shown = { ...params, view: describeView("templateView", call), ...(await stepValue(context, call)) };
    return render(request, templates, shown, { contentType });
  };
  return methods(namedView("templateView", view), ["GET"]);
}
