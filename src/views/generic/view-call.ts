import type { HttpRequest, View } from "#http";
import type { ModelClass } from "#orm";
import type { TemplateChoice } from "#templates";

/** The parameters of an address, by name. */
export type Params = Record<string, any>;

/** What every step of a generic view is told. */
export interface ViewCall<P = Params> {
  readonly request: HttpRequest;
  /** The parameters of the address. */
  readonly params: P;
}

/** A step of a generic view: what it comes to, or a function of the call. */
export type Step<T, C> = T | ((call: C) => T | Promise<T>);

/** What a step comes to. */
export async function stepValue<T, C>(step: Step<T, C> | undefined, call: C): Promise<T | undefined> {
  return typeof step === "function" ? await (step as (call: C) => T | Promise<T>)(call) : step;
}

/** What the views that show a page have in common; `C` is what their steps are told. */
export interface PageOptions<C> {
  /** The template, or several of which the first that exists is taken. Django's name for the model by default: `shop/coffee_list.html`. */
  templateName?: Step<TemplateChoice<any>, C> | undefined;
  /** What the template is given beside what the view gives. */
  context?: Step<Record<string, unknown>, C> | undefined;
  /** The content type of the answer. */
  contentType?: string | undefined;
}

/** What a template knows of its view, as `view`. */
export function describeView(name: string, { request, params }: ViewCall<any>): object {
  return { name, request, kwargs: params as unknown, params: params as unknown };
}

/** A view under the name that lists and errors know it by. */
export function namedView<P>(name: string, view: View<P>): View<P> {
  return Object.defineProperty(view, "name", { value: name });
}

/** `shop/coffee_list.html` for a model and the suffix `_list`. */
export function templateFor(model: ModelClass, suffix: string): string {
  return `${model.meta.app}/${model.meta.slug}${suffix}.html`;
}
