import { type HttpRequest, methods, type View } from "#http";
import { renderPage } from "./render-page.ts";
import { type FormCall, type FormClass, formInit, goOn, type ShownForm, takeForm, type TakingOptions } from "./take-form.ts";
import { namedView, type PageOptions, type Params } from "./view-call.ts";

/** How a form is shown and taken that is no row. */
export interface FormViewOptions<F, P = Params>
  extends Omit<PageOptions<FormCall<F, P>>, "templateName">, TakingOptions<F, P, FormCall<F, P>> {
  templateName: NonNullable<PageOptions<FormCall<F, P>>["templateName"]>;
}

/**
 * Shows a form and takes it.
 *
 * ```ts
 * path("contact/", formView(Contact, { templateName: "contact.html", successUrl: "/thanks/", formValid: (form) => send(form.cleanedData) }));
 * ```
 */
export function formView<F extends ShownForm, P = Params>(Form: FormClass<F>, options: FormViewOptions<F, P>): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const call = { request, params };
    const form = (await Form.from(request, await formInit(call, options))) as F;
    const formCall = { ...call, form };
    return takeForm(formCall, options, {
      show: () => renderPage(formCall, { view: "formView", templates: [], context: { form } }, options),
      accept: async () => goOn("formView", formCall, options),
    });
  };
  return methods(namedView("formView", view), ["GET", "POST", "PUT"]);
}
