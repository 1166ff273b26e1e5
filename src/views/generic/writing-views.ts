import { modelFormClass } from "#forms";
import { type HttpRequest, type HttpResponse, methods, redirectTo, type View } from "#http";
import { CortadoError } from "#kernel";
import type { ModelClass } from "#orm";
import { viewsErrors } from "../errors.ts";
import { type HasAddress } from "../redirect.ts";
import { render } from "../render.ts";
import {
  contextOf,
  type ModelViewOptions,
  namedView,
  type Params,
  rowOf,
  type RowViewOptions,
  templateOf,
} from "./model-view.ts";

/** The class of a form, as these views use it. */
export interface FormClass {
  from(request: HttpRequest, options?: any): Promise<any>;
}

type SuccessUrl = string | ((row: any) => string);

export interface FormViewOptions extends Omit<ModelViewOptions, "queryset"> {
  template: string;
  successUrl: SuccessUrl;
  /** Called with the valid form before the redirect. */
  onValid?: ((form: any, request: HttpRequest) => unknown) | undefined;
}

export interface WritingViewOptions extends RowViewOptions {
  /** The form; made from `fields` where it is left out. */
  form?: FormClass | undefined;
  fields?: readonly string[] | undefined;
  /** Where to go after it was saved: the row's `getAbsoluteUrl()` by default. */
  successUrl?: SuccessUrl | undefined;
}

const readAndPost = ["GET", "POST"];

/**
 * Shows a form and takes it.
 *
 * ```ts
 * path("contact/", formView(Contact, { template: "contact.html", successUrl: "/thanks/", onValid: (form) => send(form.cleanedData) }));
 * ```
 */
export function formView(Form: FormClass, options: FormViewOptions): View<Params> {
  const view = async (request: HttpRequest) => {
    const form = await Form.from(request);
    if (!(await form.isValid())) return render(request, options.template, { form, ...(await contextOf(request, options)) });
    const result = await options.onValid?.(form, request);
    return redirectTo(addressAfter("formView", result, options.successUrl));
  };
  return methods(namedView("formView", view), readAndPost);
}

/** Shows an empty form of a model and saves a new row. `path("coffee/add/", createView(Coffee, { fields: ["name", "price"] }))` */
export function createView(model: ModelClass, options: WritingViewOptions = {}): View<Params> {
  const Form = formOf(model, options);
  const view = (request: HttpRequest) => edit(request, { name: "createView", Form, model, options, row: undefined });
  return methods(namedView("createView", view), readAndPost);
}

/** Shows a row in a form and saves it. `path("coffee/<int:id>/edit/", updateView(Coffee, { fields: ["name"] }))` */
export function updateView(model: ModelClass, options: WritingViewOptions = {}): View<Params> {
  const Form = formOf(model, options);
  const view = async (request: HttpRequest, params: Params) =>
    edit(request, { name: "updateView", Form, model, options, row: await rowOf(model, request, { params, options }) });
  return methods(namedView("updateView", view), readAndPost);
}

/** Asks whether a row is to go, and deletes it on POST. `path("coffee/<int:id>/delete/", deleteView(Coffee, { successUrl: "/coffee/" }))` */
export function deleteView(model: ModelClass, options: RowViewOptions & { successUrl: string }): View<Params> {
  const view = async (request: HttpRequest, params: Params) => {
    const row = await rowOf(model, request, { params, options });
    if (request.method === "POST") {
      await row.delete();
      return redirectTo(options.successUrl);
    }
    const context = { object: row, [model.meta.slug]: row, ...(await contextOf(request, options)) };
    return render(request, templateOf(model, "confirm_delete", options), context);
  };
  return methods(namedView("deleteView", view), readAndPost);
}

/** The form of a model is made at the first request: models are registered after views are declared. */
function formOf(model: ModelClass, { form, fields }: WritingViewOptions): () => FormClass {
  let made: FormClass | undefined = form;
  return () => (made ??= modelFormClass(model, { fields: fields ?? [] }));
}

interface Editing {
  name: string;
  Form: () => FormClass;
  model: ModelClass;
  options: WritingViewOptions;
  row: object | undefined;
}

async function edit(request: HttpRequest, { name, Form, model, options, row }: Editing): Promise<HttpResponse> {
  const form = await Form().from(request, row === undefined ? {} : { instance: row });
  const saved = (await form.isValid()) && (await save(form));
  if (saved) return redirectTo(addressAfter(name, saved.row, options.successUrl));
  const rows = row === undefined ? {} : { object: row, [model.meta.slug]: row };
  return render(request, templateOf(model, "form", options), { form, ...rows, ...(await contextOf(request, options)) });
}

/** Saves a valid form; undefined where a unique value was taken meanwhile, which the form says then. */
async function save(form: { save(): Promise<unknown> }): Promise<{ row: unknown } | undefined> {
  try {
    return { row: await form.save() };
  } catch (error) {
    if (error instanceof CortadoError && error.code === "FORMS_SAVE_INVALID") return undefined;
    throw error;
  }
}

function addressAfter(view: string, row: unknown, successUrl: SuccessUrl | undefined): string {
  if (typeof successUrl === "string") return successUrl;
  if (successUrl !== undefined) return successUrl(row);
  const address = (row as Partial<HasAddress> | undefined)?.getAbsoluteUrl?.();
  if (address === undefined) throw viewsErrors.VIEWS_NO_SUCCESS_URL({ view });
  return address;
}
