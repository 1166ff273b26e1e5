import { ormErrors } from "../errors.ts";
import { queryErrors } from "./errors.ts";
import type { Field } from "../fields/field.ts";
import { Q } from "./conditions.ts";
import { conditionAt, fieldAt } from "./field-path.ts";
import { fetchRows } from "./fetch.ts";
import { narrowed } from "./methods/narrowing.ts";
import type { QueryState } from "./query-state.ts";
import { isRow } from "../model/rows/row.ts";

/**
 * How it works
 *
 * A page is not "the rows 2,000,000 to 2,000,020", which the database has to count off, but "the twenty rows
 * after this one". The order is made total by the primary key, and what comes after a row is said by its
 * values: greater in the first term of the order, or equal there and greater in the second, and so on.
 */

/** Which page. */
export interface PageOptions {
  /** How many rows at most; 100 by default. */
  readonly size?: number;
  /** A page's `next`: the rows after that page. */
  readonly after?: string | null;
  /** A page's `previous`: the rows before that page. */
  readonly before?: string | null;
}

/** Some rows in a query's order, and the way to those around them. */
export interface Page<Row> {
  readonly rows: Row[];
  /** What `after` takes for the page that follows; null on the last page. */
  readonly next: string | null;
  /** What `before` takes for the page before; null on the first page. */
  readonly previous: string | null;
}

/** A term of a total order. */
interface Term {
  readonly name: string;
  readonly field: Field | undefined;
  readonly descending: boolean;
}

/** The query's order, with the primary key where it leaves rows alike. */
function termsOf(state: QueryState): Term[] {
  const { meta, reversed } = state;
  const terms = (state.order ?? meta.ordering).map((given): Term => {
    const isName = typeof given === "string" && given !== "?";
    const name = isName ? given.replace(/^-/, "") : "";
    const field = isName ? orderedBy(state, name) : undefined;
    if (!isName || (field?.relation && name !== "pk" && field.attname !== lastOf(name)))
      throw ormErrors.ORM_BAD_QUERY({
        reason: `A page of ${meta.label} follows an order of ${isName ? `the relation "${name}"` : "an expression or of chance"}, which has no value to go on from.`,
        hint: isName
          ? `Order by a value: "${field!.attname}".`
          : "Order by names: annotate the expression and order by its name.",
      });
    return { name, field, descending: given.startsWith("-") !== reversed };
  });
  const isTotal = terms.some(({ field, name }) => field?.unique && !field.null && !name.includes("."));
  const descending = terms.at(-1)?.descending ?? reversed;
  const key = meta.primaryKey.parts.map((field) => ({ name: field.attname, field, descending }));
  return isTotal ? terms : [...terms, ...key];
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function orderedBy({ meta, annotations }: QueryState, name: string): Field | undefined {
  if (annotations !== undefined && Object.hasOwn(annotations, name)) return undefined;
  return fieldAt(meta, name.split("."));
}

/** The rows of a query that come after, or before, a row in its order. */
export function afterRow(state: QueryState, row: unknown, before: boolean): Pick<QueryState, "filters" | "order" | "reversed"> {
  const terms = termsOf(state);
  const values = typeof row === "string" ? decodeCursor(state, terms, row) : terms.map(({ name }) => valueOf(state, row, name));
  const order = terms.map(({ name, descending }) => (descending ? `-${name}` : name));
  const condition = beyond(terms, values, before);
  return { order, reversed: false, filters: narrowed(state, false, [condition]) };
}

/** Greater in the first term, or equal in it and greater in the second, and so on. */
function beyond(terms: readonly Term[], values: readonly unknown[], before: boolean): Q {
  const branches = terms.map((term, i) => {
    const same = terms
      .slice(0, i)
      .map(({ name }, at) => conditionAt(name, values[at] === null ? { isNull: true } : { eq: values[at] }));
    return Q.and(...same, past(term, values[i], before));
  });
  const [first] = terms;
  const isBounded = first!.field?.null === false && !first!.name.includes(".");
  const bound = first!.descending === before ? "gte" : "lte";
  return isBounded ? Q.and(conditionAt(first!.name, { [bound]: values[0] }), Q.or(...branches)) : Q.or(...branches);
}

/** A value beyond this one; no value is the smallest. */
function past({ name, field, descending }: Term, value: unknown, before: boolean): Q {
  if (descending === before) return Q.and(conditionAt(name, value === null ? { isNull: false } : { gt: value }));
  if (value === null) return Q.or();
  const less = conditionAt(name, { lt: value });
  return field?.null === false && !name.includes(".") ? Q.and(less) : Q.or(less, conditionAt(name, { isNull: true }));
}

function valueOf({ meta }: QueryState, row: unknown, name: string): unknown {
  const given = row as Record<string, any>;
  const key = name === "pk" && !isRow(given) && given["pk"] === undefined ? meta.primaryKey.attname : name;
  const value = Object.hasOwn(given, key)
    ? given[key]
    : key.split(".").reduce((at: any, step) => (at === null ? null : at?.[step]), given);
  if (value !== undefined) return value;
  throw ormErrors.ORM_BAD_QUERY({
    reason: `The row that a page of ${meta.label} goes on from has no "${name}", by which the query is ordered.`,
    hint: name.includes(".") ? `Load it: with("${name.slice(0, name.lastIndexOf("."))}").` : `Select it: values("${name}", …).`,
  });
}

/** One page of a query. */
export async function readPage<Row>(state: QueryState, { size = 100, after, before }: PageOptions): Promise<Page<Row>> {
  if (!Number.isSafeInteger(size) || size < 1)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `A page of ${state.meta.label} cannot have ${size} rows.`,
      hint: "Give a size of one or more.",
    });
  const isBack = typeof before === "string";
  const cursor = isBack ? before : after;
  const terms = termsOf(state);
  const order = terms.map(({ name, descending }) => (descending ? `-${name}` : name));
  const change = typeof cursor === "string" ? afterRow(state, cursor, isBack) : { order, reversed: false };
  const found = await fetchRows<Row>({ ...state, ...change, reversed: isBack, end: state.start + size + 1 });
  const hasMore = found.length > size;
  const rows = found.slice(0, size);
  if (isBack) rows.reverse();
  const cursorAt = (row: Row | undefined) => (row === undefined ? null : encodeCursor(state, terms, row));
  return {
    rows,
    next: isBack || hasMore ? cursorAt(rows.at(-1)) : null,
    previous: (isBack ? hasMore : typeof cursor === "string") ? cursorAt(rows[0]) : null,
  };
}

function encodeCursor(state: QueryState, terms: readonly Term[], row: unknown): string {
  const values = terms.map(({ name, field }) => {
    const value = valueOf(state, row, name);
    return field === undefined ? value : field.toJson(value);
  });
  return Buffer.from(JSON.stringify(values)).toString("base64url");
}

/** The values of a cursor, which may come from anybody. */
function decodeCursor({ meta }: QueryState, terms: readonly Term[], cursor: string): unknown[] {
  try {
    const values = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown;
    if (Array.isArray(values) && values.length === terms.length) return values.map((value, i) => readValue(terms[i]!, value));
  } catch {
    // Not JSON, or not a value of the field: said below.
  }
  throw queryErrors.ORM_BAD_CURSOR({ model: meta.label, given: cursor });
}

function readValue({ field, name }: Term, value: unknown): unknown {
  if (value === null || (typeof value === "object" && field === undefined)) {
    if (value === null && (name.includes(".") || field?.null !== false)) return null;
    throw new TypeError("not a value of the order");
  }
  return field === undefined ? value : field.parse(value);
}
