import type { Field, ModelClass } from "#orm";
import type { SafeString } from "#templates";
import type { ListColumn, ModelAdmin } from "../model-admin.ts";
import { capitalise } from "../words.ts";
import { cellClass, valueHtml } from "./cells.ts";
import { type FieldPath, findPath } from "./field-path.ts";
import { addressOf, type ListState } from "./list-state.ts";

/** A column of a list: how it is called, sorted and filled. */
export interface Column {
  readonly name: string;
  readonly label: string;
  readonly className: string;
  /** What the database sorts by. */
  readonly orderBy?: string | undefined;
  /** To-one relations that the list joins for it. */
  readonly join?: string | undefined;
  cell(row: any): SafeString | Promise<SafeString>;
}

export const textColumn = "toString";

/** The columns that an admin's options name. */
export function columnsOf({ model, options }: ModelAdmin): Column[] {
  return (options.listDisplay ?? [textColumn]).map((entry) =>
    typeof entry === "string" ? namedColumn(model, entry) : ownColumn(entry),
  );
}

function namedColumn(model: ModelClass, name: string): Column {
  if (name === textColumn || name === "__str__") {
    const label = capitalise(model.meta.verboseName);
    return { name: textColumn, label, className: "", orderBy: textOrder(model), cell: (row) => valueHtml(String(row)) };
  }
  const path = findPath(model, name);
  return path === undefined ? memberColumn(name) : fieldColumn(path);
}

function fieldColumn(path: FieldPath): Column {
  const { field, through } = path;
  const join = [...through, ...(field.relation === undefined ? [] : [field.name])];
  const label = [...through.map(spaced), field.verboseName].join(" · ");
  return {
    name: path.text,
    label: capitalise(label),
    className: cellClass(field),
    orderBy: path.text,
    join: join.length > 0 ? join.join(".") : undefined,
    cell: (row) => valueHtml(follow(row, [...through, field.name]), field),
  };
}

/** A getter or a method of the model. */
function memberColumn(name: string): Column {
  const read = async (row: any) => valueHtml(await (typeof row[name] === "function" ? row[name]() : row[name]));
  return { name, label: capitalise(spaced(name)), className: "", cell: read };
}

function ownColumn({ name, label, value, orderBy }: ListColumn): Column {
  return {
    name,
    label: label ?? capitalise(spaced(name)),
    className: "",
    orderBy,
    cell: async (row) => valueHtml(await value(row)),
  };
}

/** A row's text is made in code; the closest the database can sort by is the first text field. */
function textOrder(model: ModelClass): string | undefined {
  return model.meta.fields.find((field: Field) => field.kind === "char")?.name;
}

function follow(row: any, names: readonly string[]): unknown {
  return names.reduce((at, name) => at?.[name], row);
}

function spaced(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("_", " ");
}

/** The head of a column, with the address that sorts by it; a second click turns the order round. */
export function columnHead(column: Column, state: ListState) {
  const { label, className, name } = column;
  if (column.orderBy === undefined) return { label, className };
  const direction = state.order.includes(name) ? "ascending" : state.order.includes(`-${name}`) ? "descending" : undefined;
  const url = addressOf(state, { order: [direction === "ascending" ? `-${name}` : name] });
  const arrow = direction === undefined ? "" : direction === "ascending" ? "↑" : "↓";
  return { label, className, url, arrow, sorted: direction };
}

/** The order that the address asks for, as the database takes it; columns that cannot be sorted by are left out. */
export function databaseOrder(columns: readonly Column[], order: readonly string[]): string[] {
  return order.flatMap((part) => {
    const descending = part.startsWith("-");
    const by = columns.find((column) => column.name === (descending ? part.slice(1) : part))?.orderBy;
    return by === undefined ? [] : [descending ? `-${by}` : by];
  });
}
