import type { HttpResponse } from "#http";
import { render } from "../render.ts";
import { describeView, type PageOptions, stepValue, type ViewCall } from "./view-call.ts";

/** What a generic view hands to its template. */
export interface ShownPage {
  readonly view: string;
  /** The templates that the view looks for where its options name none. */
  readonly templates: readonly string[];
  readonly context: Record<string, unknown>;
  readonly status?: number | undefined;
}

/** The page of a generic view: its template with its context, and with what its options add to it. */
export async function renderPage<C extends ViewCall<any>>(
  call: C,
  page: ShownPage,
  options: PageOptions<C>,
): Promise<HttpResponse> {
  const template = (await stepValue(options.templateName, call)) ?? page.templates;
  const added = await stepValue(options.context, call);
  const context = { ...page.context, view: describeView(page.view, call), ...added };
  return render(call.request, template, context, { contentType: options.contentType, status: page.status });
}
