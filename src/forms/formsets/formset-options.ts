import type { WidgetChoice } from "../fields/field.ts";
import type { SubmittedData } from "../form-data.ts";
import type { FormOptions } from "../form-options.ts";
import type { FormRenderer } from "../form-renderer.ts";

/** How many forms there are, and what can be done with each. */
export interface FormsetOptions {
  /** Empty forms after the initial ones; 1 by default. */
  extra?: number | undefined;
  /** Whether each form has a box that deletes it. */
  canDelete?: boolean | undefined;
  /** Whether the forms beyond the initial ones have that box too; true by default. */
  canDeleteExtra?: boolean | undefined;
  /** Whether each form asks for its place: `orderedForms`. */
  canOrder?: boolean | undefined;
  /** The widgets of the box that deletes and of the number for the place. */
  deletionWidget?: WidgetChoice | undefined;
  orderingWidget?: WidgetChoice | undefined;
  /** How many forms are shown at least and at most; 0 and 1,000 by default. */
  minNum?: number | undefined;
  maxNum?: number | undefined;
  /** Whether fewer or more forms than that are refused. */
  validateMin?: boolean | undefined;
  validateMax?: boolean | undefined;
  /** How many forms are read at most, whatever was submitted; `maxNum` and 1,000 more by default. */
  absoluteMax?: number | undefined;
}

/** What was submitted to a formset: a form's data, or a list of objects as JSON has it. */
export type FormsetData = SubmittedData | readonly Readonly<Record<string, unknown>>[];

/** What a formset is made with. */
export interface FormsetInit<I = Readonly<Record<string, unknown>>> extends Pick<FormOptions, "files" | "prefix" | "autoId"> {
  data?: FormsetData | null | undefined;
  /** All that was submitted at once, where a list is a part of it. */
  origin?: object | undefined;
  /** The initial values of each form. */
  initial?: readonly I[] | undefined;
  /** Other messages, by code: `missing_management_form`, `too_many_forms`, `too_few_forms`. */
  errorMessages?: Readonly<Record<string, string>> | undefined;
  /** What draws the formset; what draws every form by default. */
  renderer?: FormRenderer | undefined;
  /** The template that `{{ formset }}` is drawn by. */
  templateName?: string | undefined;
  /** Further options of every form, or a function that gives them for the form at a place (null: the empty form). */
  formOptions?: FormOptions | ((at: number | null) => Readonly<Record<string, unknown>>) | undefined;
}

/** The class of the forms of a formset. */
export type FormMaker<T> = new (options?: any) => T;
