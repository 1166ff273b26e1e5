import type { BoundField } from "#forms";
import type { ModelClass } from "#orm";
import { type SafeString, safe } from "#templates";
import { valueHtml } from "../lists/cells.ts";
import { capitalise } from "../words.ts";
import { holdsPermissions } from "./form-layout.ts";
import { permissionChooser } from "./permission-chooser.ts";

/** A field as `admin/field.html` shows it. */
export interface FieldView {
  id: string;
  label: string;
  control: SafeString;
  helpText: string;
  errors: readonly string[];
  required: boolean;
  check: boolean;
  wide: boolean;
  readonly: boolean;
  /** Several elements under one name. */
  group: boolean;
}

const wideElement = /^\s*<(?:textarea|div|ul|select[^>]*multiple)/;
const nothingToChoose = safe('<span class="muted">There is nothing to choose from yet.</span>');
/** A file that is there: words, a link, a box and an input, which stand in lines. */
const startsWithText = /^\s*[^<\s]/;
const checkElement = /^\s*<input[^>]*type="checkbox"/;

/** A field that can be edited, with its widget. */
export async function editableField(bound: BoundField, model: ModelClass): Promise<FieldView> {
  const permissions = holdsPermissions(model, bound.name);
  const group = permissions || bound.idForLabel === "";
  const widget = permissions ? await permissionChooser(bound.htmlName, await chosenKeys(bound)) : await bound.asWidget();
  const control = group && !String(widget).includes("<input") ? nothingToChoose : widget;
  const html = String(control);
  return {
    id: bound.id,
    label: capitalise(bound.label),
    control: startsWithText.test(html) ? safe(`<div>${html}</div>`) : control,
    helpText: bound.helpText,
    errors: [...bound.errors],
    required: bound.required,
    check: checkElement.test(html),
    wide: wideElement.test(html),
    readonly: false,
    group,
  };
}

/** The keys that are ticked: those that were sent, or those that the row has. */
async function chosenKeys(bound: BoundField): Promise<unknown[]> {
  if (bound.form.isBound) return [bound.data ?? []].flat();
  const rows = [(await bound.initial) ?? []].flat() as unknown[];
  return rows.map((row) => (typeof row === "object" && row !== null && "pk" in row ? row.pk : row));
}

/** A field that is only shown; a name that is no field is a getter or a method of the row. */
export async function readonlyField(row: any, name: string): Promise<FieldView> {
  const model = row.constructor as ModelClass;
  const member = model.meta.member(name);
  const field = member === undefined || member.type === "reverse" ? undefined : member.field;
  const value = await readValue(row, name, field?.kind === "manyToMany");
  return {
    id: `id_${name}`,
    label: capitalise(field?.verboseName ?? name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)),
    control: Array.isArray(value) && field?.kind === "manyToMany" ? chips(value) : valueHtml(value, field),
    helpText: "",
    errors: [],
    required: false,
    check: false,
    wide: field?.kind === "manyToMany" || field?.kind === "text",
    readonly: true,
    group: false,
  };
}

async function readValue(row: any, name: string, many: boolean): Promise<unknown> {
  const value = row[name];
  if (many) return row.pk == null ? [] : [...(await value)];
  return typeof value === "function" ? value.call(row) : value;
}

function chips(rows: readonly unknown[]): SafeString {
  if (rows.length === 0) return valueHtml(null);
  return safe(
    `<span class="chips">${rows.map((row) => `<span class="badge">${String(valueHtml(String(row)))}</span>`).join("")}</span>`,
  );
}
