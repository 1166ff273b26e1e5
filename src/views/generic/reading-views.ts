import { type HttpRequest, methods, redirectTo, type View } from "#http";
import type { ModelClass } from "#orm";
import { Paginator } from "../paginator.ts";
import { render } from "../render.ts";
import {
  contextOf,
  type ModelViewOptions,
  namedView,
  type Params,
  rowOf,
  rowsOf,
  type RowViewOptions,
  templateOf,
} from "./model-view.ts";

const readOnly = ["GET"];

/**
 * Shows a template.
 *
 * ```ts
 * path("about/", templateView("about.html"));
 * ```
 */
export function templateView(template: string, context: Record<string, unknown> = {}): View<Params> {
  return methods(
    namedView("templateView", (request, params) => render(request, template, { ...params, ...context })),
    readOnly,
  );
}

/** Sends the client elsewhere: 302, or 301 where it is for good. `path("old/", redirectView("/new/"))` */
export function redirectView(
  url: string | ((request: HttpRequest, params: Params) => string),
  options: { permanent?: boolean } = {},
): View<Params> {
  return namedView("redirectView", (request, params) =>
    redirectTo(typeof url === "string" ? url : url(request, params), options.permanent ? 301 : 302),
  );
}

/**
 * Lists the rows of a model: `object_list` and `coffee_list`, and with `paginateBy` the `page_obj` of `?page=`.
 *
 * ```ts
 * path("coffee/", listView(Coffee, { queryset: () => Coffee.objects.filter({ isIce: true }), paginateBy: 25 }));
 * ```
 */
export function listView(model: ModelClass, options: ModelViewOptions & { paginateBy?: number } = {}): View<Params> {
  const view = async (request: HttpRequest) => {
    const rows = rowsOf(model, request, options);
    const page =
      options.paginateBy === undefined
        ? undefined
        : await (await Paginator.of(rows, options.paginateBy)).page(request.query.get("page"));
    const list = page?.rows ?? rows;
    return render(request, templateOf(model, "list", options), {
      object_list: list,
      [`${model.meta.slug}_list`]: list,
      page_obj: page,
      paginator: page?.paginator,
      is_paginated: page !== undefined && page.paginator.pages > 1,
      ...(await contextOf(request, options)),
    });
  };
  return methods(namedView("listView", view), readOnly);
}

/**
 * Shows one row: `object` and `coffee`.
 *
 * ```ts
 * path("coffee/<int:id>/", detailView(Coffee));
 * ```
 */
export function detailView(model: ModelClass, options: RowViewOptions = {}): View<Params> {
  const view = async (request: HttpRequest, params: Params) => {
    const row = await rowOf(model, request, { params, options });
    const context = { object: row, [model.meta.slug]: row, ...(await contextOf(request, options)) };
    return render(request, templateOf(model, "detail", options), context);
  };
  return methods(namedView("detailView", view), readOnly);
}
