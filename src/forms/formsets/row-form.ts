import type { ModelMeta } from "#orm";
import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { charField } from "../fields/text-fields.ts";
import type { FormSource } from "../form-data.ts";
import type { BaseModelForm, ModelFormInit } from "../models/model-form.ts";
import { plainText } from "../plain-text.ts";
import { hiddenInput } from "../widgets/inputs.ts";
import type { FormMaker } from "./formset-options.ts";

/** What a formset of rows tells each of its forms. */
export interface RowFormParts {
  readonly form: FormMaker<BaseModelForm>;
  readonly meta: ModelMeta;
  /** The rows that may be changed, in the order in which they are shown. */
  readonly rows: readonly any[];
  /** The name of the hidden field that carries a row's key. */
  readonly keyName: string;
  /** Gives a new row what its form does not ask for. */
  readonly prepare: (row: any) => void;
  /** Fields that the form does not show, and whose unique values are checked all the same. */
  readonly alsoChecked: readonly string[];
}

/** The name of the field that carries a row's key: the key's own where the database allots it. */
export function keyNameOf({ primaryKey }: ModelMeta): string {
  return primaryKey.autoIncrement ? primaryKey.name : "rowKey";
}

/** A row's key as its form carries it. */
function keyText(row: any): string {
  return Array.isArray(row.pk) ? JSON.stringify(row.pk) : String(row.pk);
}

/** The class of the form of one row: it finds its row by the key that it carries, among those that may be changed. */
export function rowForm(parts: RowFormParts): FormMaker<BaseModelForm> {
  const { form: Form, keyName, prepare, alsoChecked } = parts;
  return class RowForm extends Form {
    /** The row whose key was sent is gone, or is not one of those shown. */
    readonly #isLost: boolean;

    constructor(options: ModelFormInit & { prefix: string }) {
      const sent = sentKey(options.data as FormSource | undefined, `${options.prefix}-${keyName}`);
      const row = rowOf(options, sent);
      super({ ...options, instance: row });
      this.#isLost = row === undefined && sent !== undefined && sent !== "";
      if (row === undefined) prepare(this.instance);
      const initial = row === undefined ? undefined : keyText(row);
      this.fields.set(keyName, charField({ required: false, widget: hiddenInput, initial }));
    }

    protected override get checkedBesides(): readonly string[] {
      return alsoChecked;
    }

    protected override async afterClean(): Promise<void> {
      if (this.#isLost) this.addError(null, new ValidationError(gettext("This row is not here any more."), { code: "row_gone" }));
      await super.afterClean();
    }
  } as FormMaker<BaseModelForm>;

  function rowOf({ data, prefix }: { data?: unknown; prefix: string }, sent: string | undefined): any {
    if (data === undefined || data === null) return parts.rows[Number(prefix.slice(prefix.lastIndexOf("-") + 1))];
    return sent === undefined ? undefined : parts.rows.find((row) => keyText(row) === sent);
  }
}

/** The key that came for a row; undefined where none did. */
export function sentKey(data: FormSource | null | undefined, name: string): string | undefined {
  const sent = data?.get(name);
  if (sent === undefined || sent === null) return undefined;
  return Array.isArray(sent) ? JSON.stringify(sent) : plainText(sent);
}
