import type { SafeString } from "#templates";
import type { BoundField } from "./bound-field.ts";
import { errorList, type ErrorList } from "./error-list.ts";
import type { BaseForm } from "./form.ts";
import { attributes, markup, type Html, whenReady } from "./html.ts";

/** A field whose widget is drawn. */
interface Row {
  field: BoundField;
  widget: SafeString;
  errors: SafeString;
  help: SafeString | undefined;
  attrs: SafeString;
}

/** How the parts of a form are put together. */
interface Layout {
  /** Errors of the whole form, with the hidden fields when there is no row to carry them. */
  top: (errors: SafeString, hidden: readonly SafeString[]) => SafeString;
  row: (row: Row, hidden: readonly SafeString[]) => SafeString;
}

const helpId = (field: BoundField) => attributes({ id: field.helpId || undefined });
const inlineHelp = ({ field, help }: Row) => help && markup` <span class="helptext"${helpId(field)}>${help}</span>`;
const blockHelp = ({ field, help }: Row) => help && markup`<div class="helptext"${helpId(field)}>${help}</div>`;
const label = (field: BoundField) => (field.label === "" ? undefined : markup`${field.labelTag()} `);

const paragraphs: Layout = {
  top: (errors, hidden) => markup`${errors}${hidden.length > 0 && errors.length > 0 ? markup`<p>${hidden}</p>` : hidden}`,
  row: (row, hidden) => markup`${row.errors}<p${row.attrs}>${label(row.field)}${row.widget}${inlineHelp(row)}${hidden}</p>`,
};

const listItems: Layout = {
  top: (errors, hidden) => (errors.length > 0 ? markup`<li>${errors}${hidden}</li>` : markup`${hidden}`),
  row: (row, hidden) => markup`<li${row.attrs}>${row.errors}${label(row.field)}${row.widget}${inlineHelp(row)}${hidden}</li>`,
};

const tableRows: Layout = {
  top: (errors, hidden) => (errors.length > 0 ? markup`<tr><td colspan="2">${errors}${hidden}</td></tr>` : markup`${hidden}`),
  row: (row, hidden) => {
    const heading = row.field.label === "" ? undefined : row.field.labelTag();
    const help = row.help && markup`<br>${inlineHelp(row)}`;
    return markup`<tr${row.attrs}><th>${heading}</th><td>${row.errors}${row.widget}${help}${hidden}</td></tr>`;
  },
};

const blocks: Layout = {
  top: (errors, hidden) => markup`${errors}${hidden.length > 0 && errors.length > 0 ? markup`<div>${hidden}</div>` : hidden}`,
  row: (row, hidden) => {
    const content = markup`${blockHelp(row)}${row.errors}${row.widget}`;
    if (!row.field.widget.usesFieldset) return markup`<div${row.attrs}>${label(row.field)}${content}${hidden}</div>`;
    const described = attributes({ "aria-describedby": describedBy(row.field) });
    return markup`<div${row.attrs}><fieldset${described}>${row.field.legendTag()}${content}</fieldset>${hidden}</div>`;
  },
};

/** The layouts by name. */
export const layouts = { p: paragraphs, ul: listItems, table: tableRows, div: blocks };

/** A group of elements is described by its help and errors as a whole. */
function describedBy(field: BoundField): string | undefined {
  if (field.id === "") return undefined;
  const ids = [field.helpText === "" ? "" : field.helpId, field.form.isValidated && field.errors.length > 0 ? field.errorId : ""];
  return ids.filter((id) => id !== "").join(" ") || undefined;
}

/** Draws a form; a promise when a widget has to wait for rows. */
export function layOutForm(form: BaseForm, layout: Layout): Html {
  const fields = [...form];
  const widgets = fields.map((field) => field.toHtml());
  return whenReady(widgets, (ready) => {
    const drawn = fields.map((field, at) => ({ field, widget: ready[at]! }));
    const hidden = drawn.filter(({ field }) => field.isHidden);
    const visible = drawn.filter(({ field }) => !field.isHidden).map(({ field, widget }) => rowOf(field, widget));
    const errors = topErrors(
      form,
      hidden.map(({ field }) => field),
    ).toHtml();
    const hiddenWidgets = hidden.map(({ widget }) => widget);
    const rows = visible.map((row, at) => layout.row(row, at === visible.length - 1 ? hiddenWidgets : []));
    const orphans = visible.length === 0 ? hiddenWidgets : [];
    const top = errors.length > 0 || orphans.length > 0 ? [layout.top(errors, orphans)] : [];
    return markup`${[...top, ...rows].map((part, at) => (at === 0 ? part : markup`\n${part}`))}`;
  }) as Html;
}

function rowOf(field: BoundField, widget: SafeString): Row {
  const errors = field.form.isValidated ? field.errors : errorList();
  return {
    field,
    widget,
    errors: errors.toHtml(),
    help: field.helpText === "" ? undefined : markup`${field.helpText}`,
    attrs: attributes({ class: field.cssClasses || undefined }),
  };
}

/** What refused the whole form, and what refused a field that is not seen. */
function topErrors(form: BaseForm, hidden: readonly BoundField[]): ErrorList {
  const list = errorList([], "nonfield");
  if (!form.isValidated) return list;
  list.push(...form.nonFieldErrors);
  for (const field of hidden) for (const message of field.errors) list.push(`(Hidden field ${field.name}) ${message}`);
  return list;
}
