import { type BaseModelForm, modelFormClass } from "#forms";
import { type HttpRequest, type HttpResponse, json, methods, type View } from "#http";
import { CortadoError } from "#kernel";
import type { ModelClass } from "#orm";
import { viewsErrors } from "../errors.ts";
import { templatesOfRow } from "./detail-view.ts";
import { type JsonOfRow, rowInJson } from "./json-answer.ts";
import { renderPage } from "./render-page.ts";
import { rowContext, rowOf, type RowOptions } from "./row-of-view.ts";
import { type FormCall, type FormClass, formInit, goOn, takeForm, type TakingOptions } from "./take-form.ts";
import { namedView, type PageOptions, type Params, type ViewCall } from "./view-call.ts";

/** What the steps of a view that writes a row are told. */
export interface EditCall<Row, F, P = Params> extends FormCall<F, P> {
  /** The row: undefined on the page of a new one, until it is saved. */
  readonly object: Row;
}

/** How a row is made or changed. */
export interface EditOptions<T, F, P = Params, Row = T>
  extends RowOptions<T, P>, PageOptions<EditCall<Row, F, P>>, TakingOptions<F, P, EditCall<Row, F, P>, EditCall<T, F, P>> {
  /** The form; one is made of `fields` where it is left out. */
  formClass?: FormClass<F> | undefined;
  /** The fields of the form, in order; `"all"` for every one that can be edited. */
  fields?: readonly (keyof T & string)[] | "all" | undefined;
  /** The field of the row that names its template, before the default one. */
  templateNameField?: string | undefined;
  /** The ending of the default template's name: `_form`. */
  templateNameSuffix?: string | undefined;
  /** What clients that prefer JSON are told of the row that was saved; they are told of refusals in JSON too. */
  json?: JsonOfRow<T> | undefined;
}

/**
 * Shows an empty form of a model and saves a new row.
 *
 * ```ts
 * path("coffee/add/", createView(Coffee, { fields: ["name", "price"], successUrl: "/coffee/{id}/" }));
 * path("coffee/add/", createView(Coffee, { formClass: CoffeeForm, formValid(form) { form.instance.isOld = false; } }));
 * ```
 * @throws VIEWS_BAD_OPTIONS
 */
export function createView<M extends ModelClass, F = BaseModelForm<InstanceType<M>>, P = Params>(
  model: M,
  options: EditOptions<InstanceType<M>, F, P, InstanceType<M> | undefined>,
): View<P> {
  const editing = { name: "createView", model, options, Form: formOf("createView", model, options) };
  const view = (request: HttpRequest, params: P) => edit({ request, params }, undefined, editing);
  return methods(namedView("createView", view), ["GET", "POST", "PUT"]);
}

/**
 * Shows a row in a form and saves it.
 *
 * ```ts
 * path("coffee/<int:id>/edit/", updateView(Coffee, { fields: ["name"], successMessage: "{name} was changed." }));
 * ```
 * @throws VIEWS_BAD_OPTIONS
 */
export function updateView<M extends ModelClass, F = BaseModelForm<InstanceType<M>>, P = Params>(
  model: M,
  options: EditOptions<InstanceType<M>, F, P>,
): View<P> {
  const editing = { name: "updateView", model, options, Form: formOf("updateView", model, options) };
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    return edit(call, (await rowOf("updateView", model, { call, options })) as object, editing);
  };
  return methods(namedView("updateView", view), ["GET", "POST", "PUT"]);
}

/** The form of a model is made at the first request: models are registered after views are declared. */
function formOf(view: string, model: ModelClass, { formClass, fields }: EditOptions<any, any, any, any>): () => FormClass {
  const isOne = (formClass === undefined) !== (fields === undefined);
  if (!isOne)
    throw viewsErrors.VIEWS_BAD_OPTIONS({
      view,
      problem: formClass ? "it is given both a formClass and fields." : "it is given neither fields nor a formClass.",
      hint: 'Name the fields that visitors may write: { fields: ["name"] }, or give a form: { formClass: CoffeeForm }.',
    });
  let made: FormClass | undefined = formClass;
  return () => (made ??= modelFormClass(model, { fields: fields as readonly string[] | "all" }));
}

interface Editing {
  readonly name: string;
  readonly model: ModelClass;
  readonly options: EditOptions<any, any, any, any>;
  readonly Form: () => FormClass;
}

async function edit(call: ViewCall<any>, row: object | undefined, editing: Editing): Promise<HttpResponse> {
  const { options, Form, name } = editing;
  const init = { ...(await formInit(call, options)), ...(row === undefined ? {} : { instance: row }) };
  const form = (await Form().from(call.request, init)) as BaseModelForm;
  const formCall = { ...call, form, object: row };
  const show = () => showForm(formCall, editing);
  const accept = async () => {
    const saved = await save(form);
    if (saved === undefined) return show();
    const after = { ...formCall, object: saved.row };
    if (!wantsJson(call, options)) return goOn(name, after, options);
    return json(await rowInJson(saved.row, options.json!), { status: row === undefined ? 201 : 200 }).vary("Accept");
  };
  return takeForm(formCall, options, { show, accept });
}

function wantsJson({ request }: ViewCall<any>, options: { json?: unknown }): boolean {
  return options.json !== undefined && request.prefersJson;
}

/** Saves a valid form; undefined where a unique value was taken meanwhile, which the form says then. */
async function save(form: BaseModelForm): Promise<{ row: any } | undefined> {
  try {
    return { row: await form.save() };
  } catch (error) {
    if (error instanceof CortadoError && error.code === "FORMS_SAVE_INVALID") return undefined;
    throw error;
  }
}

async function showForm(call: EditCall<any, BaseModelForm, any>, { name, model, options }: Editing): Promise<HttpResponse> {
  const { form, object } = call;
  if (form.isBound && wantsJson(call, options)) return json({ errors: form.errors }, { status: 400 }).vary("Accept");
  const templates = templatesOfRow(model, object, { suffix: "_form", ...options });
  const context = { form, ...(object === undefined ? {} : rowContext(model, object, options)) };
  return renderPage(call, { view: name, templates, context }, options);
}
