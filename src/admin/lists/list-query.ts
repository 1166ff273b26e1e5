import type { HttpRequest } from "#http";
import { Q } from "#orm";
import type { ModelAdmin } from "../model-admin.ts";
import { type Column, databaseOrder } from "./columns.ts";
import { findPath, nest } from "./field-path.ts";
import type { ListFilter } from "./filters.ts";
import type { ListState } from "./list-state.ts";

/** What a list asks the database for: everything that its state selects, and one page of it in order. */
export interface ListQuery {
  /** All rows that match, in no particular order. */
  readonly matching: any;
  /** The same, joined and in order. */
  readonly ordered: any;
  /** Filters of the address that mean nothing, for a note. */
  readonly ignored: readonly string[];
}

export interface ListParts {
  admin: ModelAdmin;
  columns: readonly Column[];
  filters: readonly ListFilter[];
  state: ListState;
}

export function queryFor(request: HttpRequest, { admin, columns, filters, state }: ListParts): ListQuery {
  let matching = visibleRows(request, admin);
  const ignored: string[] = [];
  for (const [name, value] of state.filters) {
    const condition = filters.find((filter) => filter.name === name)?.condition(value);
    if (condition === undefined) ignored.push(name);
    else matching = matching.filter(condition);
  }
  const isSearchable = (admin.options.searchFields ?? []).length > 0;
  if (state.query !== "" && !isSearchable) ignored.push("q");
  if (state.query !== "" && isSearchable) matching = matching.filter(searchCondition(admin, state.query));
  return { matching, ordered: order(joined(matching, columns), admin, databaseOrder(columns, state.order)), ignored };
}

/** The rows that this user sees of a model. */
export function visibleRows(request: HttpRequest, { model, options }: ModelAdmin): any {
  const all = model.objects.all();
  return options.queryset === undefined ? all : options.queryset(all, request);
}

/** Every word must be found in one of the fields. */
export function searchCondition({ model, options }: ModelAdmin, query: string): any {
  const paths = (options.searchFields ?? []).flatMap((text) => findPath(model, text) ?? []);
  const words = query.split(/\s+/).slice(0, 10);
  return Q.and(...words.map((word) => Q.or(...paths.map((path) => nest(path, { icontains: word })))));
}

function joined(rows: any, columns: readonly Column[]): any {
  const joins = [...new Set(columns.flatMap((column) => column.join ?? []))];
  return joins.length === 0 ? rows : rows.with(...joins);
}

/** The primary key comes last, so that pages never overlap where the order leaves rows equal. */
function order(rows: any, { model, options }: ModelAdmin, asked: readonly string[]): any {
  const chosen = asked.length > 0 ? asked : (options.ordering ?? model.meta.ordering);
  const key = model.meta.primaryKey.name;
  const hasKey = chosen.some((part) => [key, `-${key}`, "pk", "-pk"].includes(part));
  return rows.orderBy(...chosen, ...(hasKey ? [] : [`-${key}`]));
}
