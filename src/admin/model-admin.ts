import type { HttpRequest } from "#http";
import type { LazyText } from "#kernel/i18n";
import { isModelClass, type ModelClass } from "#orm";
import { adminErrors } from "./errors.ts";

/** What a person does to rows; each has its permission. */
export type AdminAction = "view" | "add" | "change" | "delete";

/** A column of a list that is no field: made from the row. */
export interface ListColumn<T = any> {
  name: string;
  label?: string | undefined;
  /** What the cell shows; a promise is awaited. */
  value: (row: T) => unknown;
  /** The field to sort by. */
  orderBy?: string | undefined;
}

/** Fields under a heading of the form. */
export interface Fieldset {
  title?: string | LazyText | undefined;
  description?: string | LazyText | undefined;
  fields: readonly string[];
}

/** Something done to the selected rows. */
export interface BulkAction<T = any> {
  name: string;
  /** What the button says: `Mark as sold out`. */
  label: string | LazyText;
  /** What a user must be allowed; `change` where nothing is said. */
  permission?: AdminAction | undefined;
  /** Gets the selected rows as a QuerySet. What it returns is shown as a message. */
  run: (rows: any, request: HttpRequest) => Promise<string | void>;
  readonly $row?: T;
}

/** A model form's class, as `ModelForm` and `modelFormClass` give it. */
export type AdminForm = new (options: any) => any;

/** How a model looks and behaves in the admin; every option has a default. */
export interface ModelAdminOptions<T = any> {
  /** Columns: names of fields (`"name"`, `"roaster.country"`), getters or methods, or columns of your own. Default: the row's text. */
  listDisplay?: readonly (string | ListColumn<T>)[] | undefined;
  /** Fields to filter by: booleans, choices, relations, dates. */
  listFilter?: readonly string[] | undefined;
  /** Text fields that the search looks into; a relation's with a dot: `"roaster.name"`. */
  searchFields?: readonly string[] | undefined;
  /** The order of the list where the address says none. Default: the model's. */
  ordering?: readonly string[] | undefined;
  listPerPage?: number | undefined;
  actions?: readonly BulkAction<T>[] | undefined;
  /** The form's fields, in order. Default: all that are editable. */
  fields?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
  fieldsets?: readonly Fieldset[] | undefined;
  /** Shown, not edited; a function where it depends on who looks at what. */
  readonlyFields?: readonly string[] | ((request: HttpRequest, row: T | null) => readonly string[]) | undefined;
  /** A form of your own, instead of one made from the model. */
  form?: AdminForm | undefined;
  /** A form of its own for adding. */
  addForm?: AdminForm | undefined;
  /** The fields of `addForm`, where they are not those of the form. */
  addFields?: readonly string[] | undefined;
  /** Passed to the model's form: widgets and texts by field. */
  widgets?: Readonly<Record<string, any>> | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  helpTexts?: Readonly<Record<string, string>> | undefined;
  /** Narrows what a user sees: `(rows, request) => rows.filter({ owner: request.user.pk })`. */
  queryset?: ((rows: any, request: HttpRequest) => any) | undefined;
  /** Refuses what the user's permissions allow: `{ delete: () => false }`. */
  allow?: Partial<Record<AdminAction, (request: HttpRequest, row?: T) => boolean | Promise<boolean>>> | undefined;
}

/** A model in the admin, with its options. Made by `modelAdmin`, listed in the app's `admin`. */
export interface ModelAdmin<T = any> {
  readonly model: ModelClass<T>;
  readonly options: ModelAdminOptions<T>;
}

/**
 * Puts a model into the admin.
 *
 * ```ts
 * export const coffeeAdmin = modelAdmin(Coffee, { listDisplay: ["name", "price", "isIce"], listFilter: ["isIce"], searchFields: ["name"] });
 * ```
 * @throws ADMIN_NOT_A_MODEL
 */
export function modelAdmin<M extends { new (...values: any[]): any }>(
  model: M,
  options: ModelAdminOptions<InstanceType<M>> = {},
): ModelAdmin<InstanceType<M>> {
  if (!isModelClass(model)) throw adminErrors.ADMIN_NOT_A_MODEL({ given: String((model as { name?: string })?.name ?? model) });
  return Object.freeze({ model: model as unknown as ModelClass, options: Object.freeze({ ...options }) });
}
