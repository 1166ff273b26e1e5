import { type BaseForm, Form } from "#forms";
import { type HttpRequest, methods, redirectTo, type View } from "#http";
import type { ModelClass } from "#orm";
import { templatesOfRow } from "./detail-view.ts";
import type { EditCall } from "./editing-views.ts";
import { renderPage } from "./render-page.ts";
import { rowContext, rowOf, type RowOptions } from "./row-of-view.ts";
import { announce, type FormClass, formInit, successAddress, takeForm, type TakingOptions } from "./take-form.ts";
import { namedView, type PageOptions, type Params } from "./view-call.ts";

/** What the steps of a view that deletes a row are told. */
export type DeleteCall<T, F, P = Params> = EditCall<T, F, P>;

/** How a row is deleted. */
export interface DeleteOptions<T, F, P = Params>
  extends RowOptions<T, P>, PageOptions<DeleteCall<T, F, P>>, TakingOptions<F, P, DeleteCall<T, F, P>> {
  successUrl: NonNullable<TakingOptions<F, P, DeleteCall<T, F, P>>["successUrl"]>;
  /** Asks for more than a button: a form that must be valid before the row is deleted. */
  formClass?: FormClass<F> | undefined;
  templateNameField?: string | undefined;
  /** The ending of the default template's name: `_confirm_delete`. */
  templateNameSuffix?: string | undefined;
}

/** A button is all it takes. */
class Confirmation extends Form({}) {}

/**
 * Asks whether a row is to go, and deletes it on POST.
 *
 * ```ts
 * path("coffee/<int:id>/delete/", deleteView(Coffee, { successUrl: "/coffee/", successMessage: "{object} is gone." }));
 * ```
 */
export function deleteView<M extends ModelClass, F extends BaseForm = BaseForm, P = Params>(
  model: M,
  options: DeleteOptions<InstanceType<M>, F, P>,
): View<P> {
  const name = "deleteView";
  const Own = options.formClass ?? (Confirmation as unknown as FormClass<F>);
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    const object = (await rowOf(name, model, { call, options })) as InstanceType<M>;
    const form = await formFor(Own, request, await formInit(call, options));
    const formCall = { ...call, form, object };
    const templates = templatesOfRow(model, object, { suffix: "_confirm_delete", ...options });
    const context = { form, ...rowContext(model, object, options) };
    return takeForm(formCall, options, {
      show: () => renderPage(formCall, { view: name, templates, context }, options),
      accept: async () => {
        const url = successAddress(name, formCall, options);
        await object.delete();
        announce(formCall, options);
        return redirectTo(url);
      },
    });
  };
  return methods(namedView(name, view), ["GET", "POST", "DELETE"]);
}

/** A request that deletes by its method alone has no body to be read. */
async function formFor<F>(Own: FormClass<F>, request: HttpRequest, init: Record<string, unknown>): Promise<F> {
  return request.method === "DELETE" ? new Own({ ...init, data: {} }) : ((await Own.from(request, init)) as F);
}
