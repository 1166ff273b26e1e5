import type { HttpRequest, View } from "#http";
import type { ModelClass } from "#orm";
import { ValidationError } from "#validation";
import { viewsErrors } from "../errors.ts";
import { getObjectOr404, nothingFound } from "../get-object-or-404.ts";

/** A parameter of an address, by name. */
export type Params = Record<string, any>;

/** What the views of a model's rows have in common. */
export interface ModelViewOptions {
  /** Which rows there are; all by default. Called for each request. */
  queryset?: ((request: HttpRequest) => any) | undefined;
  /** `shop/coffee_list.html` and the like by default. */
  template?: string | undefined;
  /** What the template is given beside the rows. */
  context?: ((request: HttpRequest) => Record<string, unknown> | Promise<Record<string, unknown>>) | undefined;
}

export interface RowViewOptions extends ModelViewOptions {
  /** The parameter of the address, and the field, that a row is looked up by; `id` or `pk` by default. */
  lookup?: string | undefined;
}

/** A view under the name that lists and errors know it by. */
export function namedView(name: string, view: View<Params>): View<Params> {
  return Object.defineProperty(view, "name", { value: name });
}

export function templateOf(model: ModelClass, suffix: string, options: ModelViewOptions): string {
  return options.template ?? `${model.meta.app}/${model.meta.slug}_${suffix}.html`;
}

export function rowsOf(model: ModelClass, request: HttpRequest, options: ModelViewOptions): any {
  return options.queryset?.(request) ?? model.objects.all();
}

/** The row that the address names. @throws VIEWS_MISSING_PARAMETER, HttpError 404 */
export async function rowOf(
  model: ModelClass,
  request: HttpRequest,
  { params, options }: { params: Params; options: RowViewOptions },
): Promise<any> {
  const given = Object.keys(params);
  const name =
    options.lookup ?? given.find((param) => param === "pk" || param === "id") ?? (given.includes("slug") ? "slug" : "id");
  if (!given.includes(name))
    throw viewsErrors.VIEWS_MISSING_PARAMETER({ view: request.resolved?.view.name || "The view", wanted: name, given });
  return getObjectOr404(rowsOf(model, request, options), { [name]: keyOf(model, name, params[name]) });
}

/** What an address says of a field; where no row could have it, there is none. @throws HttpError 404 */
function keyOf({ meta }: ModelClass, name: string, given: unknown): unknown {
  const field = name === "pk" ? meta.primaryKey : meta.field(name);
  try {
    return field.parse(given);
  } catch (error) {
    throw error instanceof ValidationError ? nothingFound() : error;
  }
}

export async function contextOf(request: HttpRequest, options: ModelViewOptions): Promise<Record<string, unknown>> {
  return (await options.context?.(request)) ?? {};
}
