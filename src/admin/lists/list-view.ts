import type { HttpRequest, HttpResponse } from "#http";
import { gettext, interpolate } from "#kernel/i18n";
import { Addresses } from "../addresses.ts";
import { cappedText, countUpTo } from "../model-counts.ts";
import type { ModelAdmin } from "../model-admin.ts";
import { listCrumbs } from "../navigation.ts";
import { renderPage } from "../page.ts";
import { rightsOf } from "../permissions.ts";
import { capitalise, countText } from "../words.ts";
import { actionsFor } from "./actions.ts";
import { type Column, columnHead, columnsOf } from "./columns.ts";
import { filtersOf, type ListFilter } from "./filters.ts";
import { type ListQuery, queryFor } from "./list-query.ts";
import { addressOf, carryList, keptBySearch, type ListState, readState } from "./list-state.ts";

const rowsAPage = 100;

/**
 * The list of a model's rows. It asks for one row more than the page shows to know whether there is a next page, and
 * counts no further than ten thousand: the size of the table does not show in the time.
 */
export async function listPage(request: HttpRequest, admin: ModelAdmin): Promise<HttpResponse> {
  await rightsOf(request, admin).demand("view");
  const { meta } = admin.model;
  const to = new Addresses();
  const state = readState(request.query);
  const [columns, filters] = [columnsOf(admin), filtersOf(admin)];
  const query = queryFor(request, { admin, columns, filters, state });
  const page = await readPage(query, state, admin.options.listPerPage ?? rowsAPage);
  const carried = carryList(state);
  const addUrl = (await rightsOf(request, admin).may("add")) ? to.add(meta) : "";

  return renderPage(request, "admin/change-list.html", {
    title: capitalise(meta.verboseNamePlural),
    crumbs: listCrumbs(request, admin),
    singular: meta.verboseName,
    plural: meta.verboseNamePlural,
    addUrl,
    emptyText: addUrl
      ? gettext("What is added here, in the code or over the API shows up in this list.")
      : gettext("As soon as there is something, it shows up in this list."),
    bare: page.rows.length === 0 && !isNarrowed(state),
    ...(await narrowing(filters, state, (admin.options.searchFields ?? []).length > 0)),
    problem: query.ignored.length > 0 ? ignoredText(query.ignored) : "",
    columns: columns.map((column) => columnHead(column, state)),
    rows: await Promise.all(page.rows.map((row) => listRow(row, columns, to.row(meta, row.pk, "change") + carried))),
    bulkActions: await actionsFor(request, admin),
    ...paging(state, page),
  });
}

function ignoredText(names: readonly string[]): string {
  return interpolate(gettext("Not a filter here, so left out: %(names)s."), { names: names.join(", ") });
}

interface ListPage {
  rows: any[];
  first: number;
  more: boolean;
  /** `344`, or `10,000+`. */
  total: string;
}

async function readPage({ matching, ordered }: ListQuery, state: ListState, size: number): Promise<ListPage> {
  const first = (state.page - 1) * size;
  const rows: any[] = await ordered.slice(first, first + size + 1);
  const more = rows.length > size;
  const exact = !more && (rows.length > 0 || first === 0);
  const total = exact ? countText(first + rows.length) : cappedText(await countUpTo(matching), first + rows.length - 1);
  return { rows: rows.slice(0, size), first, more, total };
}

async function listRow(row: any, columns: readonly Column[], url: string) {
  const cells = await Promise.all(
    columns.map(async (column) => ({ html: await column.cell(row), label: column.label, className: column.className })),
  );
  return { id: String(row.pk), label: String(row), url, cells };
}

function paging(state: ListState, { rows, first, more, total }: ListPage) {
  return {
    more: more || state.page > 1,
    total,
    range: interpolate(gettext("%(first)s–%(last)s of %(total)s"), {
      first: countText(first + 1),
      last: countText(first + rows.length),
      total,
    }),
    previousUrl: state.page > 1 ? addressOf(state, { page: state.page - 1 }) : "",
    nextUrl: more ? addressOf(state, { page: state.page + 1 }) : "",
  };
}

/** Whether an empty list is empty because of what was chosen. */
function isNarrowed({ query, filters, page }: ListState): boolean {
  return query !== "" || filters.size > 0 || page > 1;
}

/** The search field, the chips of what is chosen and the menu of what can be. */
async function narrowing(filters: readonly ListFilter[], state: ListState, searchable: boolean) {
  const menus = await Promise.all(filters.map((filter) => filterMenu(filter, state)));
  const chips = await Promise.all(
    filters.filter(({ name }) => state.filters.has(name)).map((filter) => filterChip(filter, state)),
  );
  const narrowed = isNarrowed(state);
  return {
    searchable,
    query: state.query,
    searchKeeps: keptBySearch(state),
    filters: menus,
    chips:
      state.query === ""
        ? chips
        : [{ label: gettext("Search"), value: state.query, removeUrl: addressOf(state, { query: undefined }) }, ...chips],
    narrowed,
    clearUrl: narrowed ? addressOf({ ...state, query: "", filters: new Map() }) : "",
  };
}

async function filterMenu(filter: ListFilter, state: ListState) {
  const chosen = state.filters.get(filter.name);
  const choice = (value: string | undefined, label: string) => ({
    label,
    selected: value === chosen,
    url: addressOf(state, { filter: [filter.name, value] }),
  });
  const offered = (await filter.choices()).map(({ value, label }) => choice(value, label));
  return { label: filter.label, choices: [choice(undefined, gettext("All")), ...offered] };
}

async function filterChip(filter: ListFilter, state: ListState) {
  const value = state.filters.get(filter.name)!;
  const described = (await filter.describe?.(value)) ?? (await filter.choices()).find((choice) => choice.value === value)?.label;
  return { label: filter.label, value: described ?? value, removeUrl: addressOf(state, { filter: [filter.name, undefined] }) };
}
