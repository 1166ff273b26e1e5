import { type HttpRequest, type HttpResponse, json, methods, type View } from "#http";
import type { ModelClass } from "#orm";
import { type JsonOfRow, rowInJson } from "./json-answer.ts";
import { renderPage } from "./render-page.ts";
import { rowContext, rowOf, type RowOptions } from "./row-of-view.ts";
import { namedView, type PageOptions, type Params, templateFor, type ViewCall } from "./view-call.ts";

/** What the steps of a view of one row are told. */
export interface RowCall<T, P = Params> extends ViewCall<P> {
  /** The row. */
  readonly object: T;
}

/** How one row is shown. */
export interface DetailOptions<T, P = Params> extends RowOptions<T, P>, PageOptions<RowCall<T, P>> {
  /** The field of the row that names its template, before the default one. */
  templateNameField?: string | undefined;
  /** The ending of the default template's name: `_detail`. */
  templateNameSuffix?: string | undefined;
  /** What clients that prefer JSON are told of the row; without it they get the page too. */
  json?: JsonOfRow<T> | undefined;
}

/**
 * Shows one row: `object` and `coffee`.
 *
 * ```ts
 * path("coffee/<int:id>/", detailView(Coffee));
 * path("coffee/<slug:slug>/", detailView(Coffee, { context: ({ object }) => ({ isCheap: object.price < 3000 }) }));
 * ```
 */
export function detailView<M extends ModelClass, P = Params>(model: M, options: DetailOptions<InstanceType<M>, P> = {}): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    const object = (await rowOf("detailView", model, { call, options })) as InstanceType<M>;
    return answerRow("detailView", model, { call: { ...call, object }, options });
  };
  return methods(namedView("detailView", view), ["GET"]);
}

/** The page, or the JSON, of a row. */
export async function answerRow<T, P>(
  view: string,
  model: ModelClass,
  { call, options }: { call: RowCall<T, P>; options: DetailOptions<T, P> },
): Promise<HttpResponse> {
  const { json: made } = options;
  if (made !== undefined && call.request.prefersJson) return json(await rowInJson(call.object, made)).vary("Accept");
  const templates = templatesOfRow(model, call.object, { suffix: "_detail", ...options });
  const answer = await renderPage(call, { view, templates, context: rowContext(model, call.object, options) }, options);
  return made === undefined ? answer : answer.vary("Accept");
}

/** The template that the row names itself, then the model's. */
export function templatesOfRow(
  model: ModelClass,
  row: unknown,
  options: { suffix: string; templateNameField?: string | undefined; templateNameSuffix?: string | undefined },
): string[] {
  const { suffix, templateNameField, templateNameSuffix = suffix } = options;
  const own = templateNameField === undefined ? undefined : (row as Record<string, unknown> | undefined)?.[templateNameField];
  return [...(typeof own === "string" && own !== "" ? [own] : []), templateFor(model, templateNameSuffix)];
}
