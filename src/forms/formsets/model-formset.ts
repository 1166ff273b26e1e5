import { type Field as ModelField, type ModelClass, transaction } from "#orm";
import { ValidationError } from "#validation";
import { formsErrors } from "../errors.ts";
import type { FormRequest } from "../submission.ts";
import { modelFormClass, type BaseModelForm } from "../models/model-form.ts";
import type { RowQuery } from "../models/model-choice.ts";
import type { ModelFormOptions } from "../models/model-fields.ts";
import { refuseDuplicates } from "./duplicate-values.ts";
import { BaseFormset } from "./base-formset.ts";
import type { FormMaker, FormsetInit, FormsetOptions } from "./formset-options.ts";
import { boundTo } from "./formset.ts";
import { keyNameOf, rowForm, type RowFormParts, sentKey } from "./row-form.ts";

/**
 * How it works
 *
 * A formset of rows is opened, not constructed, because its rows are read first. Each form carries the key of its row in a hidden
 * field and is given the row with that key, from among the rows of the query: another row cannot be changed by naming it. Saving
 * writes what was filled in or changed and deletes what was ticked, in one transaction.
 */

export interface ModelFormsetOptions extends FormsetOptions, ModelFormOptions {
  /** The form of a row, instead of one made from `fields`. */
  form?: FormMaker<BaseModelForm> | undefined;
  /** Rows are changed only: nothing is created, whatever is filled in. */
  editOnly?: boolean | undefined;
}

export interface ModelFormsetInit extends FormsetInit {
  /** The rows to edit; all of them by default. `initial` belongs to the forms after theirs. */
  queryset?: RowQuery | undefined;
}

/** What saving did. */
export interface FormsetChanges<T = any> {
  readonly created: readonly T[];
  readonly changed: readonly T[];
  readonly deleted: readonly T[];
}

/** What a formset of rows is made of. */
export interface RowsInit extends ModelFormsetInit {
  readonly rows: readonly any[];
}

/** What a kind of formset decides about its forms. */
type RowParts = Pick<RowFormParts, "prepare" | "alsoChecked">;

/** The forms of several rows of a model. */
export class BaseModelFormset<T = any> extends BaseFormset<BaseModelForm<T>> {
  readonly model: ModelClass;
  /** The rows that are shown and may be changed. */
  readonly rows: readonly T[];
  readonly #editOnly: boolean;

  constructor(model: ModelClass, options: ModelFormsetOptions, init: RowsInit & Partial<RowParts>) {
    const { rows, initial = [], prepare = () => {}, alsoChecked = [], ...rest } = init;
    const form = options.form ?? modelFormClass(model, options);
    const parts: RowFormParts = { form, meta: model.meta, rows, keyName: keyNameOf(model.meta), prepare, alsoChecked };
    super(rowForm(parts), options, { ...rest, initial: [...rows.map(() => undefined!), ...initial] });
    this.model = model;
    this.rows = rows as readonly T[];
    this.#editOnly = options.editOnly ?? false;
  }

  /** What was given as `initial` is no row: only rows count, and of a list those that carry a key. */
  override get initialFormCount(): number {
    if (!this.isBound) return this.rows.length;
    if (!this.isList) return super.initialFormCount;
    return this.init.data === undefined ? 0 : this.#listedRows();
  }

  #listedRows(): number {
    const name = keyNameOf(this.model.meta);
    const list = this.init.data as readonly unknown[];
    return list.findLastIndex((_, at) => sentKey(this.data, `${this.prefix}-${at}-${name}`) !== undefined) + 1;
  }

  override get totalFormCount(): number {
    if (this.isBound) return super.totalFormCount;
    const given = Math.max(0, (this.init.initial?.length ?? 0) - this.rows.length);
    return this.#editOnly
      ? this.rows.length
      : Math.max(super.totalFormCount, this.rows.length + Math.min(given, this.settings.extra ?? 1));
  }

  protected override async validateForms(): Promise<void> {
    const valid = this.filledForms.filter((form) => Object.keys(form.errors).length === 0);
    const refused = refuseDuplicates(this.model.meta, valid);
    if (refused.length > 0) throw new ValidationError(refused);
  }

  /**
   * Writes the rows that were filled in or changed and deletes those ticked, in one transaction. With `commit: false` it writes
   * nothing and says what it would: save and delete the rows, then call `saveManyToMany()`.
   * @throws FORMS_NOT_VALIDATED, FORMS_SAVE_INVALID
   */
  async save({ commit = true }: { commit?: boolean } = {}): Promise<FormsetChanges<T>> {
    this.#refuseInvalid();
    const kept = this.filledForms.filter((form) => form.hasChanged());
    const created = kept.filter((form) => !form.isChange && !this.#editOnly);
    const changed = kept.filter((form) => form.isChange);
    const deleted = this.deletedForms.filter((form) => form.isChange);
    if (commit) {
      await transaction(async () => {
        for (const form of deleted) await this.deleteExisting(form);
        for (const form of changed) await this.saveExisting(form);
        for (const form of created) await this.saveNew(form);
      });
    }
    const rowsOf = (forms: readonly BaseModelForm<T>[]) => forms.map((form) => form.instance);
    return { created: rowsOf(created), changed: rowsOf(changed), deleted: rowsOf(deleted) };
  }

  /** Writes the many-to-many sides of the rows that were saved after `save({ commit: false })`. */
  async saveManyToMany(): Promise<void> {
    for (const form of this.filledForms) if (form.hasChanged()) await form.saveManyToMany();
  }

  /** Writes a row that a form added. */
  protected async saveNew(form: BaseModelForm<T>): Promise<void> {
    await form.save();
  }

  /** Writes a row that a form changed. */
  protected async saveExisting(form: BaseModelForm<T>): Promise<void> {
    await form.save();
  }

  /** Deletes the row of a form that is ticked. */
  protected async deleteExisting(form: BaseModelForm<T>): Promise<void> {
    await (form.instance as { delete(): Promise<unknown> }).delete();
  }

  #refuseInvalid(): void {
    const forms = this.forms.filter((form) => !this.isDeleted(form));
    const refused = [...this.nonFormErrors, ...forms.flatMap((form) => Object.keys(form.errors))];
    const name = `${this.constructor.name}(${this.model.meta.label})`;
    if (!this.isBound) throw formsErrors.FORMS_NOT_BOUND({ form: name, used: "save()" });
    if (refused.length > 0) throw formsErrors.FORMS_SAVE_INVALID({ form: name, errors: refused });
  }
}

/** What `modelFormset()` makes: it reads its rows, so it is opened, not constructed. */
export interface ModelFormsetClass<T> {
  new (init: RowsInit): BaseModelFormset<T>;
  /** The forms of the rows; bound when `data` is given. */
  open<S extends BaseModelFormset<T>>(this: new (init: RowsInit) => S, init?: ModelFormsetInit): Promise<S>;
  /** The forms of the rows, bound to what a request sent. */
  from<S extends BaseModelFormset<T>>(this: new (init: RowsInit) => S, request: FormRequest, init?: ModelFormsetInit): Promise<S>;
}

/**
 * Makes the class of the forms of several rows.
 *
 * ```ts
 * class Coffees extends modelFormset(Coffee, { fields: ["name", "price"], canDelete: true }) {}
 * const coffees = await Coffees.from(request, { queryset: Coffee.objects.filter({ isIce: true }) });
 * if (await coffees.isValid()) await coffees.save();
 * ```
 */
export function modelFormset<M extends ModelClass>(model: M, options: ModelFormsetOptions): ModelFormsetClass<InstanceType<M>> {
  const open = async (init: ModelFormsetInit): Promise<RowsInit> => ({ ...init, rows: await rowsOf(model, init.queryset) });
  return class ModelFormset extends BaseModelFormset<InstanceType<M>> {
    constructor(init: RowsInit) {
      super(model, options, init);
    }

    static async open<S>(this: new (init: RowsInit) => S, init: ModelFormsetInit = {}): Promise<S> {
      return new this(await open(init));
    }

    static async from<S>(this: new (init: RowsInit) => S, request: FormRequest, init: ModelFormsetInit = {}): Promise<S> {
      return new this(await open(await boundTo(request, init)));
    }
  };
}

/** The rows of a query in an order that stays between showing and sending. */
export async function rowsOf(model: ModelClass, queryset: RowQuery | undefined): Promise<readonly any[]> {
  const query = (queryset ?? (model as unknown as { objects: RowQuery }).objects).all() as unknown as OrderedQuery;
  return query.ordered ? query : query.orderBy("pk");
}

interface OrderedQuery extends PromiseLike<readonly any[]> {
  readonly ordered: boolean;
  orderBy(name: string): OrderedQuery;
}

/** The fields of a model that lead to another. */
export function keysTo(parent: ModelClass, child: ModelClass): ModelField[] {
  return child.meta.fields.filter((field) => field.relation !== undefined && field.relation.to === parent);
}
