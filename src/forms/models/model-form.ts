import { CortadoError } from "#kernel";
import { type Field as ModelField, type ModelClass, transaction } from "#orm";
import { nonFieldErrors, ValidationError } from "#validation";
import { formsErrors } from "../errors.ts";
import { type Field, isEmpty } from "../fields/field.ts";
import { BaseForm } from "../base-form.ts";
import { type BoundFields, defineBoundFields } from "../bound-fields.ts";
import type { FieldMap, FormOptions } from "../form-options.ts";
import type { FormStatics } from "../form.ts";
import { modelFields, type ModelFormOptions } from "./model-fields.ts";

/**
 * How it works
 *
 * A model form has a field for each of its model's fields, made when the first form is: relations may
 * refer to models that are defined later. Its initial values come from the instance. When the form's
 * own checks are through, the clean values are put on the instance and the model validates it
 * (validators, unique values, constraints), except for what the form does not show or has refused.
 * `save()` writes the instance and then its many-to-many sides, in one transaction.
 */

/** A row, as a form uses it. */
interface Instance {
  pk: any;
  save(): Promise<unknown>;
  fullClean(options: { exclude: readonly string[] }): Promise<void>;
  [name: string]: any;
}

export interface ModelFormInit<T = any> extends FormOptions {
  /** The row to change; a new one by default. */
  instance?: T | null | undefined;
}

/** Everything a model form can do. */
export class BaseModelForm<T = any, F extends FieldMap = any> extends BaseForm<F> {
  /** The class's model. */
  static readonly model: ModelClass;

  /** The row that the form shows; after `isValid()` it has the clean values. */
  readonly instance: T;
  /** Whether the form was given a row. */
  readonly isChange: boolean;
  /** The row's values before the form changes them. */
  readonly #before: ReadonlyMap<string, unknown>;
  /** What the many-to-many sides held before. */
  #related: Promise<Map<string, unknown[]>> | undefined;
  #relatedRows = new Map<string, unknown[]>();

  constructor(options: ModelFormInit<T> = {}) {
    super(options);
    this.instance = options.instance ?? (new this.model() as T);
    this.isChange = options.instance !== null && options.instance !== undefined;
    this.#before = new Map(this.#columns().map((field) => [field.name, this.#row[field.attname]]));
  }

  get model(): ModelClass {
    return (this.constructor as typeof BaseModelForm).model;
  }

  get #row(): Instance {
    return this.instance as Instance;
  }

  /** The model's fields that this form shows. */
  #modelFields(): ModelField[] {
    const { meta } = this.model;
    return [...meta.fields, ...meta.manyToMany].filter((field) => this.fields.has(field.name) && !field.autoIncrement);
  }

  #columns(): ModelField[] {
    return this.#modelFields().filter((field) => field.kind !== "manyToMany");
  }

  override initialOf(name: string): unknown {
    const given = this.formOptions.initial;
    if (!this.isChange || (given !== undefined && Object.hasOwn(given, name))) return super.initialOf(name);
    const field = this.#modelFields().find((one) => one.name === name);
    if (field === undefined) return super.initialOf(name);
    if (field.kind !== "manyToMany") return this.#before.get(name);
    return this.#relatedRows.get(name) ?? this.#loadRelated().then((rows) => rows.get(name));
  }

  #loadRelated(): Promise<Map<string, unknown[]>> {
    this.#related ??= this.#readRelated();
    return this.#related;
  }

  async #readRelated(): Promise<Map<string, unknown[]>> {
    for (const field of this.#modelFields()) {
      if (field.kind === "manyToMany") this.#relatedRows.set(field.name, await this.#row[field.name]);
    }
    return this.#relatedRows;
  }

  protected override async beforeClean(): Promise<void> {
    if (this.isChange) await this.#loadRelated();
  }

  protected override async afterClean(): Promise<void> {
    const refused = new Set(this.refusedFields);
    this.#fillInstance(refused);
    await this.#validateInstance(refused);
  }

  #fillInstance(refused: ReadonlySet<string>): void {
    for (const field of this.#columns()) {
      const { name } = field;
      if (refused.has(name) || !(name in this.cleanValues)) continue;
      const value = this.cleanValues[name];
      if (this.#keepsDefault(field, value)) continue;
      this.#row[name] = value === false && ["file", "image"].includes(field.kind) ? null : value;
    }
  }

  /** A widget that was not sent at all leaves a new row's default; an empty one leaves what the database gives. */
  #keepsDefault(field: ModelField, value: unknown): boolean {
    if (!isEmpty(value)) return false;
    if (field.databaseValue === "default" && !field.blank) return true;
    const bound = this.boundField(field.name);
    const hasDefault = field.hasDefault || field.databaseValue === "default";
    return hasDefault && bound.widget.isOmitted(this.data, this.files, bound.htmlName);
  }

  async #validateInstance(refused: ReadonlySet<string>): Promise<void> {
    try {
      await this.#row.fullClean({ exclude: this.#unchecked(refused) });
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      this.addError(null, this.#shown(error));
    }
  }

  /** Fields that the form does not show, and whose values the model checks all the same: a parent that is known. */
  protected get checkedBesides(): readonly string[] {
    return [];
  }

  /** What the model shall not check: what is not in the form, was refused already, or may be empty here. */
  #unchecked(refused: ReadonlySet<string>): string[] {
    const all = this.model.meta.fields;
    const skipped = all.filter((field) => {
      const own = this.fields.get(field.name);
      if (own === undefined) return !this.checkedBesides.includes(field.name);
      if (refused.has(field.name)) return true;
      return !field.blank && !own.required && isEmpty(this.cleanValues[field.name]);
    });
    return skipped.map((field) => field.name);
  }

  /** An error of a field that the form does not show belongs to the whole form. */
  #shown(error: ValidationError): ValidationError {
    if (error.byField === undefined) return error;
    const byField: Record<string, ValidationError[]> = {};
    for (const [name, part] of Object.entries(error.byField)) {
      const place = this.fields.has(name) ? name : nonFieldErrors;
      (byField[place] ??= []).push(...part.errors);
    }
    return new ValidationError(byField);
  }

  /**
   * Writes the row and its many-to-many sides. With `commit: false` it writes nothing and returns the row;
   * save it, then call `saveManyToMany()`.
   * @throws FORMS_NOT_VALIDATED, FORMS_SAVE_INVALID; the latter also where a unique value was taken since the form was
   * validated: `errors` say so then, and the form can be shown again.
   */
  async save({ commit = true }: { commit?: boolean } = {}): Promise<T> {
    const refused = Object.keys(this.errors);
    const form = this.constructor.name;
    if (!this.isBound) throw formsErrors.FORMS_NOT_BOUND({ form, used: "save()" });
    if (refused.length > 0) throw formsErrors.FORMS_SAVE_INVALID({ form, errors: refused });
    if (!commit) return this.instance;
    try {
      await transaction(async () => {
        await this.#row.save();
        await this.saveManyToMany();
      });
    } catch (error) {
      await this.#refuseTaken(error);
      throw error;
    }
    return this.instance;
  }

  /** What another request took after this form was validated is refused like what was taken before. */
  async #refuseTaken(error: unknown): Promise<void> {
    if (!(error instanceof CortadoError) || error.code !== "ORM_INTEGRITY") return;
    await this.#validateInstance(new Set());
    const errors = Object.keys(this.errors);
    if (errors.length > 0) throw formsErrors.FORMS_SAVE_INVALID({ form: this.constructor.name, errors });
  }

  /** Writes the many-to-many sides of a row that is saved. */
  async saveManyToMany(): Promise<void> {
    const values = this.cleanedData as Record<string, unknown>;
    for (const field of this.#modelFields()) {
      if (field.kind === "manyToMany" && field.name in values) await this.#row[field.name].set(values[field.name]);
    }
  }
}

/** The names of a row that can be a form's field. */
export type ModelFieldName<M extends ModelClass> = Extract<keyof InstanceType<M>, string>;

/** The fields of a model's form, by the types of the model's row. */
type FieldsOf<M extends ModelClass, Name extends string, Extra extends FieldMap> = {
  [K in Exclude<Name, keyof Extra> & keyof InstanceType<M>]: Field<Awaited<InstanceType<M>[K]>>;
} & Extra;

/** What `ModelForm()` makes. */
export interface ModelFormClass<T, F extends FieldMap> extends FormStatics {
  new (options?: ModelFormInit<T>): BaseModelForm<T, F> & BoundFields<F, BaseModelForm>;
  readonly fields: F;
  readonly model: ModelClass;
  from: typeof BaseForm.from;
}

/**
 * Makes the class of a form that creates or changes a row.
 *
 * ```ts
 * class CoffeeForm extends ModelForm(Coffee, { fields: ["name", "price", "isIce"] }) {
 *   cleanPrice(price: number) {
 *     if (price < 0) throw new ValidationError("A price is not negative.");
 *     return price;
 *   }
 * }
 * const form = await CoffeeForm.from(request, { instance: coffee });
 * if (await form.isValid()) await form.save();
 * ```
 * @throws FORMS_FIELDS_MISSING, FORMS_UNKNOWN_MODEL_FIELD, FORMS_NOT_EDITABLE, FORMS_NO_FIELD_FOR_KIND with the first form
 */
export function ModelForm<M extends ModelClass, const Name extends ModelFieldName<M>, const Extra extends FieldMap = {}>(
  model: M,
  options: ModelFormOptions<Name, Extra>,
): ModelFormClass<InstanceType<M>, FieldsOf<M, Name, Extra>> {
  return modelFormClass(model, options as ModelFormOptions) as unknown as ModelFormClass<
    InstanceType<M>,
    FieldsOf<M, Name, Extra>
  >;
}

/** As `ModelForm`, for callers that know no model in particular. */
export function modelFormClass(model: ModelClass, options: ModelFormOptions): ModelFormClass<any, any> {
  let made: FieldMap | undefined;
  class OwnForm extends BaseModelForm {
    static override readonly model = model;
    static override get fields(): FieldMap {
      if (made === undefined) {
        made = modelFields(model, options);
        defineBoundFields(OwnForm.prototype, Object.keys(made));
      }
      return made;
    }
  }
  return OwnForm as unknown as ModelFormClass<any, any>;
}
