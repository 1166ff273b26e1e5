import { gettext } from "#kernel/i18n";
import type { BaseForm } from "../base-form.ts";
import { booleanField } from "../fields/boolean-fields.ts";
import { integerField } from "../fields/number-fields.ts";
import type { FormsetOptions } from "./formset-options.ts";

/** The names of the box that deletes a form, and of the number for its place. */
export const deletion = "DELETE";
export const order = "ORDER";

/** Gives a form the number for its place and the box that deletes it, where the formset has them. */
export function addPlaceAndBox(
  form: BaseForm,
  { canOrder = false, canDelete = false, canDeleteExtra = true, deletionWidget, orderingWidget }: FormsetOptions,
  { at, isInitial }: { at: number | null; isInitial: boolean },
): void {
  if (canOrder) {
    const initial = isInitial ? at! + 1 : undefined;
    form.fields.set(order, integerField({ label: gettext("Order"), required: false, widget: orderingWidget, initial }));
  }
  if (canDelete && (canDeleteExtra || isInitial))
    form.fields.set(deletion, booleanField({ label: gettext("Delete"), required: false, widget: deletionWidget }));
}
