import { type Field as ModelField, type ModelClass, transaction } from "#orm";
import { formsErrors } from "../errors.ts";
import { charField } from "../fields/text-fields.ts";
import type { FormRequest } from "../form.ts";
import { formSource } from "../form-data.ts";
import type { ModelFormOptions } from "../models/model-fields.ts";
import type { BaseModelForm } from "../models/model-form.ts";
import { modelFormClass } from "../models/model-form.ts";
import { hiddenInput } from "../widgets/inputs.ts";
import { BaseFormset, type FormsetInit, type FormsetOptions } from "./formset.ts";

/** How the rows of a model are edited beside the row that they refer to. */
export interface InlineFormsetOptions extends FormsetOptions, ModelFormOptions {
  /** The foreign key that leads to the parent, where there are several. */
  fk?: string | undefined;
  /** The form of a row, instead of one made from `fields`. */
  form?: (new (options?: any) => BaseModelForm) | undefined;
}

/** What saving did. */
export interface InlineChanges {
  created: any[];
  changed: any[];
  deleted: any[];
}

interface InlineParts {
  parent: any;
  key: ModelField;
  form: new (options?: any) => BaseModelForm;
  /** The parent's rows, which alone may be changed here. */
  rows: readonly any[];
}

/** The forms of the rows that refer to one row. */
export class BaseInlineFormset extends BaseFormset<BaseModelForm> {
  readonly parent: any;
  readonly #parts: InlineParts;

  constructor(parts: InlineParts, settings: FormsetOptions, init: FormsetInit) {
    super(rowForm(parts, init), { extra: 3, canDelete: true, ...settings }, { ...init, initial: parts.rows.map(() => ({})) });
    this.parent = parts.parent;
    this.#parts = parts;
  }

  /**
   * Writes the rows that were filled in or changed and deletes those ticked, in one transaction.
   * The parent has to be saved before.
   * @throws FORMS_NOT_VALIDATED, FORMS_SAVE_INVALID
   */
  async save(): Promise<InlineChanges> {
    const changes: InlineChanges = { created: [], changed: [], deleted: [] };
    this.#refuseInvalid();
    const kept = this.filledForms.filter((form) => form.hasChanged());
    await transaction(async () => {
      for (const form of this.deletedForms) {
        if (!form.isChange) continue;
        await form.instance.delete();
        changes.deleted.push(form.instance);
      }
      for (const form of kept) {
        form.instance[this.#parts.key.name] = this.parent;
        changes[form.isChange ? "changed" : "created"].push(await form.save());
      }
    });
    return changes;
  }

  #refuseInvalid(): void {
    const refused = [...this.errors.flatMap((errors) => Object.keys(errors)), ...this.nonFormErrors];
    if (refused.length > 0)
      throw formsErrors.FORMS_SAVE_INVALID({ form: `inlineFormset(${this.#parts.key.model.meta.label})`, errors: refused });
  }
}

/** The form of one row: it finds its row among the parent's by the key that it carries. */
function rowForm({ form: Form, key, parent, rows }: InlineParts, init: FormsetInit): new (options?: any) => BaseModelForm {
  const primary = key.model.meta.primaryKey;
  const keyName = primary.autoIncrement ? primary.name : "rowKey";
  return class extends Form {
    /** The row whose key was sent is gone, or is another parent's. */
    readonly #isLost: boolean;

    constructor(options: { prefix: string }) {
      const row = findRow(options.prefix);
      super({ ...options, instance: row });
      this.#isLost = row === undefined && keyIn(options.prefix) !== "";
      if (row === undefined && parent.pk !== null) this.instance[key.attname] = parent.pk;
      this.fields.set(keyName, charField({ required: false, widget: hiddenInput, initial: row && String(row.pk) }));
    }

    protected override async afterClean(): Promise<void> {
      if (this.#isLost) this.addError(null, "This row is not here any more.");
      await super.afterClean();
    }
  };

  function keyIn(prefix: string): string {
    return init.data ? submitted(init.data, `${prefix}-${keyName}`) : "";
  }

  function findRow(prefix: string): any {
    if (!init.data) return rows[Number(prefix.slice(prefix.lastIndexOf("-") + 1))];
    const sent = keyIn(prefix);
    return rows.find((row) => String(row.pk) === sent);
  }
}

function submitted(data: NonNullable<FormsetInit["data"]>, name: string): string {
  return String(formSource(data).get(name) ?? "");
}

/** What `inlineFormset()` makes: it reads the parent's rows, so it is opened, not constructed. */
export interface InlineFormsetClass {
  /** The forms of a parent's rows; bound when `data` is given. */
  open(parent: any, init?: FormsetInit): Promise<BaseInlineFormset>;
  /** The forms of a parent's rows, bound to what a request sent. */
  from(request: FormRequest, parent: any, init?: FormsetInit): Promise<BaseInlineFormset>;
}

/**
 * The forms of the rows that refer to one row.
 *
 * ```ts
 * const Coffees = inlineFormset(Roaster, Coffee, { fields: ["name", "price"] });
 * const coffees = await Coffees.from(request, roaster);
 * if (await coffees.isValid()) await coffees.save();
 * ```
 * @throws FORMS_FOREIGN_KEY when no key, or more than one, leads to the parent
 */
export function inlineFormset(parent: ModelClass, child: ModelClass, options: InlineFormsetOptions): InlineFormsetClass {
  const open = async (row: any, init: FormsetInit = {}): Promise<BaseInlineFormset> => {
    const key = foreignKeyTo(parent, child, options.fk);
    const form = options.form ?? modelFormClass(child, withoutKey(options, key.name));
    const rows = row.pk === null || row.pk === undefined ? [] : await child.objects.filter({ [key.name]: row.pk }).orderBy("pk");
    const prefix = init.prefix ?? `${child.meta.slug}_set`;
    return new BaseInlineFormset({ parent: row, key, form, rows }, options, { ...init, prefix });
  };
  return {
    open,
    async from(request, row, init = {}) {
      if (request.method === "GET" || request.method === "HEAD") return open(row, init);
      const { data, files } = await request.form();
      return open(row, { ...init, data, files });
    },
  };
}

/** The parent is known: nobody chooses it. */
function withoutKey(options: InlineFormsetOptions, key: string): ModelFormOptions {
  return { ...options, fields: options.fields ?? "all", exclude: [...(options.exclude ?? []), key] };
}

function foreignKeyTo(parent: ModelClass, child: ModelClass, name: string | undefined): ModelField {
  const keys = child.meta.fields.filter((field) => field.relation !== undefined && field.relation.to === parent);
  const chosen = name === undefined ? keys : keys.filter((field) => field.name === name);
  if (chosen.length === 1) return chosen[0]!;
  const found = keys.map((field) => field.name);
  throw formsErrors.FORMS_FOREIGN_KEY({ child: child.meta.label, parent: parent.meta.label, given: name, found });
}
