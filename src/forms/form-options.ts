import type { LazyText } from "#kernel/i18n";
import type { ErrorList } from "./error-list.ts";
import type { Field } from "./fields/field.ts";
import type { SubmittedData } from "./form-data.ts";
import type { FormRenderer } from "./form-renderer.ts";

/** Fields by name. */
export type FieldMap = Readonly<Record<string, Field<any>>>;

/** The clean values of fields. */
export type CleanedData<F extends FieldMap> = { -readonly [Name in keyof F]: F[Name]["cleaned"] };

/** What a form is made with. */
export interface FormOptions {
  /** What was submitted; without it and `files`, the form is unbound. */
  data?: SubmittedData | null | undefined;
  files?: SubmittedData | null | undefined;
  /** What the widgets show at first; a function is called when it is needed. */
  initial?: Readonly<Record<string, unknown>> | undefined;
  /** Put before every name, for several forms in one page. */
  prefix?: string | undefined;
  /** How ids are made: `id_%s`, `true` for the bare name, `false` for none. */
  autoId?: string | boolean | undefined;
  /** What follows a label; a colon by default. */
  labelSuffix?: string | LazyText | undefined;
  /** Which fields come first, and in which order; the others follow as they were declared. */
  fieldOrder?: readonly string[] | undefined;
  /** The class of the lists of errors: one of its own draws them otherwise. */
  errorClass?: (new () => ErrorList) | undefined;
  /** What draws the form; what draws every form by default. */
  renderer?: FormRenderer | undefined;
  /** The template that `{{ form }}` is drawn by. */
  templateName?: string | undefined;
  /** Whether widgets carry the attribute `required`; true by default. */
  useRequiredAttribute?: boolean | undefined;
  /** Whether a form that nobody filled in is valid. */
  emptyPermitted?: boolean | undefined;
}
