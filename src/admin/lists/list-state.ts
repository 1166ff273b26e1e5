import type { MultiDict } from "#http";

/** What a list's address says: the search, the order, the page, and everything else, which is filters. */
export interface ListState {
  readonly query: string;
  /** Columns to sort by, "-" for descending. */
  readonly order: readonly string[];
  /** From 1 on. */
  readonly page: number;
  readonly filters: ReadonlyMap<string, string>;
}

const names = { query: "q", order: "o", page: "p" };
const farthestPage = 1_000_000;

/** Reads the state from the address; what cannot be understood counts as not said. */
export function readState(query: MultiDict): ListState {
  const filters = new Map<string, string>();
  for (const name of query.keys()) if (!Object.values(names).includes(name)) filters.set(name, query.get(name)!);
  const page = Number(query.get(names.page) ?? 1);
  return {
    query: searchText(query),
    order: (query.get(names.order) ?? "").split(",").filter((part) => part !== ""),
    page: Number.isInteger(page) && page >= 1 && page <= farthestPage ? page : 1,
    filters,
  };
}

/** What is searched for; no text in a database holds a NUL. */
export function searchText(query: MultiDict): string {
  return (query.get(names.query) ?? "").replaceAll("\0", "").trim();
}

/** A change of the state; what is set to undefined goes from the address. Whatever changes, the list starts at page 1. */
export interface StateChange {
  query?: string | undefined;
  order?: readonly string[];
  page?: number;
  filter?: readonly [name: string, value: string | undefined];
}

/** The address of the same list in another state: `?q=latte&o=-price&isIce=true`. */
export function addressOf(state: ListState, change: StateChange = {}): string {
  const query = "query" in change ? change.query : state.query;
  const order = change.order ?? state.order;
  const filters = new Map(state.filters);
  if (change.filter !== undefined) {
    const [name, value] = change.filter;
    if (value === undefined) filters.delete(name);
    else filters.set(name, value);
  }
  const address = new URLSearchParams();
  if (query) address.set(names.query, query);
  for (const [name, value] of filters) address.set(name, value);
  if (order.length > 0) address.set(names.order, order.join(","));
  if (change.page !== undefined && change.page > 1) address.set(names.page, String(change.page));
  return `?${address}`;
}

const keptName = "list";

/** What the address of a row carries along from its list, so that one comes back to the same list. */
export function carryList(state: ListState): string {
  const address = addressOf(state, { page: state.page });
  return address === "?" ? "" : `?${keptName}=${encodeURIComponent(address)}`;
}

/** The list's state that an address carries; only ever a query, to be put behind the list's own address. */
export function carriedList(query: MultiDict): string {
  const kept = query.get(keptName) ?? "";
  return kept.startsWith("?") ? `?${new URLSearchParams(kept.slice(1))}` : "";
}

/** What a search form must carry along so that a search keeps filters and order. */
export function keptBySearch(state: ListState): { name: string; value: string }[] {
  const kept = [...state.filters].map(([name, value]) => ({ name, value }));
  if (state.order.length > 0) kept.push({ name: names.order, value: state.order.join(",") });
  return kept;
}
