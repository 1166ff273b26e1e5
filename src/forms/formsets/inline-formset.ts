import type { Field as ModelField, ModelClass } from "#orm";
import { formsErrors } from "../errors.ts";
import type { FormRequest } from "../submission.ts";
import type { ModelFormOptions } from "../models/model-fields.ts";
import type { BaseModelForm } from "../models/model-form.ts";
import { boundTo } from "./formset.ts";
import {
  BaseModelFormset,
  keysTo,
  type ModelFormsetInit,
  type ModelFormsetOptions,
  rowsOf,
  type RowsInit,
} from "./model-formset.ts";

/** How the rows of a model are edited beside the row that they refer to. */
export interface InlineFormsetOptions extends ModelFormsetOptions {
  /** The foreign key that leads to the parent, where there are several. */
  fk?: string | undefined;
}

/** What a formset of a parent's rows is made with. */
export interface InlineInit extends RowsInit {
  readonly parent: any;
}

interface InlineParts {
  readonly child: ModelClass;
  /** The name of the foreign key. */
  readonly key: string;
  /** The forms' prefix: the way back from the parent to its rows. */
  readonly prefix: string;
  readonly options: InlineFormsetOptions;
}

/** The forms of the rows that refer to one row. */
export class BaseInlineFormset<T = any> extends BaseModelFormset<T> {
  readonly parent: any;
  readonly #key: string;

  constructor({ child, key, options }: InlineParts, { parent, ...init }: InlineInit) {
    const prepare = (row: any): void => {
      if (isSaved(parent)) row[key] = parent;
    };
    super(child, options, { ...init, prepare, alsoChecked: isSaved(parent) ? [key] : [] });
    this.parent = parent;
    this.#key = key;
  }

  /** A row belongs to the parent, which may have been saved only now. */
  protected override async saveNew(form: BaseModelForm<T>): Promise<void> {
    (form.instance as Record<string, unknown>)[this.#key] = this.parent;
    await super.saveNew(form);
  }
}

const isSaved = (row: { pk: unknown }): boolean => row.pk !== null && row.pk !== undefined;

/** What `inlineFormset()` makes: it reads the parent's rows, so it is opened, not constructed. */
export interface InlineFormsetClass<T> {
  new (init: InlineInit): BaseInlineFormset<T>;
  /** The forms of a parent's rows; bound when `data` is given. */
  open<S extends BaseInlineFormset<T>>(this: new (init: InlineInit) => S, parent: any, init?: ModelFormsetInit): Promise<S>;
  /** The forms of a parent's rows, bound to what a request sent. */
  from<S extends BaseInlineFormset<T>>(
    this: new (init: InlineInit) => S,
    request: FormRequest,
    parent: any,
    init?: ModelFormsetInit,
  ): Promise<S>;
}

/**
 * Makes the class of the forms of the rows that refer to one row. The parent may be saved between `isValid()` and `save()`.
 *
 * ```ts
 * class Coffees extends inlineFormset(Roaster, Coffee, { fields: ["name", "price"] }) {}
 * const coffees = await Coffees.from(request, roaster);
 * if (await coffees.isValid()) await coffees.save();
 * ```
 * @throws FORMS_FOREIGN_KEY when no key, or more than one, leads to the parent
 */
export function inlineFormset<M extends ModelClass>(
  parent: ModelClass,
  child: M,
  options: InlineFormsetOptions,
): InlineFormsetClass<InstanceType<M>> {
  // When it is asked for: relations may lead to models that are defined later.
  const parts = () => inlineParts(parent, child, options);
  const open = (row: any, init: ModelFormsetInit) => inlineInit(parts(), row, init);
  return class InlineFormset extends BaseInlineFormset<InstanceType<M>> {
    constructor(init: InlineInit) {
      super(parts(), init);
    }

    static async open<S>(this: new (init: InlineInit) => S, row: any, init: ModelFormsetInit = {}): Promise<S> {
      return new this(await open(row, init));
    }

    // oxlint-disable-next-line max-params -- what stands before the dot is counted
    static async from<S>(
      this: new (init: InlineInit) => S,
      request: FormRequest,
      row: any,
      init: ModelFormsetInit = {},
    ): Promise<S> {
      return new this(await open(row, await boundTo(request, init)));
    }
  };
}

function inlineParts(parent: ModelClass, child: ModelClass, options: InlineFormsetOptions): InlineParts {
  const key = foreignKeyTo(parent, child, options.fk);
  // A row that refers to its parent alone has no neighbours.
  const usual = { extra: 3, canDelete: true, ...(key.unique ? { maxNum: 1 } : {}) };
  return {
    child,
    key: key.name,
    prefix: wayBack(parent, child, key),
    options: { ...usual, ...options, ...withoutKey(options, key.name) },
  };
}

/** Reads the rows of a parent. */
async function inlineInit({ child, key, prefix }: InlineParts, parent: any, init: ModelFormsetInit): Promise<InlineInit> {
  const query = init.queryset?.all() ?? (child as unknown as { objects: any }).objects;
  const rows = isSaved(parent) ? await rowsOf(child, query.filter({ [key]: parent })) : [];
  return { ...init, prefix: init.prefix ?? prefix, parent, rows };
}

/** The name under which the parent knows the rows; `review_set` where none is given. */
function wayBack(parent: ModelClass, child: ModelClass, key: ModelField): string {
  const ways = [...parent.meta.declaredReverse];
  const declared = ways.find(([, { target, field }]) => target === child && field === key.name)?.[0];
  const { relatedName } = key.relation!;
  const given = declared ?? relatedName;
  return given === undefined || given.endsWith("+") ? `${child.meta.slug}_set` : given;
}

/** The parent is known: nobody chooses it. */
function withoutKey(options: InlineFormsetOptions, key: string): ModelFormOptions {
  return { fields: options.fields ?? "all", exclude: [...(options.exclude ?? []), key] };
}

function foreignKeyTo(parent: ModelClass, child: ModelClass, name: string | undefined): ModelField {
  const keys = keysTo(parent, child);
  const chosen = name === undefined ? keys : keys.filter((field) => field.name === name);
  if (chosen.length === 1) return chosen[0]!;
  const found = keys.map((field) => field.name);
  throw formsErrors.FORMS_FOREIGN_KEY({ child: child.meta.label, parent: parent.meta.label, given: name, found });
}
