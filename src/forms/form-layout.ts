import type { SafeString } from "#templates";
import type { BoundField } from "./bound-field.ts";
import { errorList, type ErrorList } from "./error-list.ts";
import type { BaseForm } from "./form.ts";
import { attributes, html, type Html, whenReady } from "./html.ts";

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

const helpIn = (tag: "span" | "div", row: Row) =>
  row.help &&
  (tag === "span"
    ? html` <span class="helptext" ${helpId(row.field)}>${row.help}</span>`
    : html` <div class="helptext" ${helpId(row.field)}>${row.help}</div>`);
const helpId = (field: BoundField) => attributes({ id: field.helpId || undefined });
const label = (field: BoundField) => (field.label === "" ? "" : html`${field.labelTag()} `);

const paragraphs: Layout = {
  top: (errors, hidden) => html`${errors}${hidden.length > 0 ? html`<p>${hidden}</p>` : ""}`,
  row: (row, hidden) => html`${row.errors}<p${row.attrs}>${label(row.field)}${row.widget}${helpIn("span", row)}${hidden}</p>`,
};

const listItems: Layout = {
  top: (errors, hidden) => html`<li>${errors}${hidden}</li>`,
  row: (row, hidden) => html`<li${row.attrs}>${row.errors}${label(row.field)}${row.widget}${helpIn("span", row)}${hidden}</li>`,
};

const tableRows: Layout = {
  top: (errors, hidden) =>
    html`<tr>
      <td colspan="2">${errors}${hidden}</td>
    </tr>`,
  row: (row, hidden) => {
    const heading = row.field.label === "" ? "" : row.field.labelTag();
    const help = row.help && html`<br />${helpIn("span", row)}`;
    return html`<tr${row.attrs}><th>${heading}</th><td>${row.errors}${row.widget}${help}${hidden}</td></tr>`;
  },
};

const blocks: Layout = {
  top: (errors, hidden) => html`${errors}${hidden.length > 0 ? html`<div>${hidden}</div>` : ""}`,
  row: (row, hidden) => {
    const content = html`${helpIn("div", row)}${row.errors}${row.widget}`;
    if (!row.field.widget.usesFieldset) return html`<div${row.attrs}>${label(row.field)}${content}${hidden}</div>`;
    const described = attributes({ "aria-describedby": describedBy(row.field) });
    return html`<div${row.attrs}><fieldset${described}>${row.field.legendTag()}${content}</fieldset>${hidden}</div>`;
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
    return html`${[...top, ...rows].map((part, at) => (at === 0 ? part : html` ${part}`))}`;
  }) as Html;
}

function rowOf(field: BoundField, widget: SafeString): Row {
  const errors = field.form.isValidated ? field.errors : errorList();
  return {
    field,
    widget,
    errors: errors.toHtml(),
    help: field.helpText === "" ? undefined : html`${field.helpText}`,
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
