import { ormErrors } from "../../errors.ts";
import { Expression, OrderExpression } from "../../expressions/expression.ts";
import type { ModelMeta } from "../../model/meta.ts";
import type { ModelClass } from "../../model/model-class.ts";
import type { ConditionInput } from "../conditions.ts";
import type { QuerySet } from "../query-set.ts";
import { isOrdered, isSliced, type LockOptions, type QueryState } from "../query-state.ts";
import { refsOf } from "../refs.ts";
import { withRelations } from "../../relations/with-relations.ts";
import type {
  AnnotationRefs,
  CheckedPrefetch,
  ConditionOf,
  Loaded,
  OrderTerm,
  Prefetched,
  PrefetchInput,
  Refs,
  RelationName,
  ValueName,
} from "../typing.ts";

/** Where a manager's type says what its queries are. */
export declare const queryType: unique symbol;

/** The query that a method which narrows gives: a query set one of its own class, a manager one of its queries. */
export type QueryOf<This> = This extends { readonly [queryType]: infer Q } ? Q : This;

/** Where the type of a query that was shaped anew says which class it comes from. */
declare const queryClass: unique symbol;
type ClassOf<This> = This extends { readonly [queryClass]: infer Q } ? Q : QueryOf<This>;

/** The query `Next`, with the methods that the class of `This` adds to a query set's own. */
export type Kept<This, Next> = keyof ClassOf<This> extends keyof QuerySet<any, any, any>
  ? Next
  : Next & KeptMethods<ClassOf<This>, Next>;
/** The methods that a class of queries adds, for a query `Next`: what gave a query of the class gives one like `Next`. */
export type KeptMethods<Q, Next> = {
  [K in Exclude<keyof Q, keyof QuerySet<any, any, any>> | typeof queryClass]: K extends keyof Q ? KeptMethod<Q, Q[K], Next> : Q;
};
type KeptMethod<Q, Method, Next> = Method extends (...given: infer Given) => infer Result
  ? [Q, Result] extends [Result, Q]
    ? (...given: Given) => Next & KeptMethods<Q, Next>
    : Method
  : Method;

/** What functions in filters, orders and annotations are called with. */
export type RowRefs<T, A> = Refs<T> & AnnotationRefs<A>;

/** @throws ORM_BAD_QUERY when only a part of the rows is wanted already */
export function refuseSliced(state: QueryState, doing: string, hint: string): void {
  if (isSliced(state)) throw ormErrors.ORM_BAD_QUERY({ reason: `A query that was sliced cannot be ${doing}.`, hint });
}

function refuseNoOrder(): never {
  throw ormErrors.ORM_BAD_QUERY({
    reason: "The function given to orderBy() gives nothing that has one value for each row.",
    hint: "Give one expression for each function: orderBy((r) => r.coffees.count().desc(), (r) => r.name).",
  });
}

/** The filters of a query and some more. */
export function narrowed(state: QueryState, negated: boolean, conditions: readonly unknown[]): QueryState["filters"] {
  refuseSliced(state, "filtered", "Filter first, then slice.");
  const filters = [...state.filters];
  for (const condition of conditions) filters.push({ negated, condition: condition as ConditionInput });
  return filters;
}

/**
 * Which rows, in which order. `T` is the model's row, `Row` what the query gives, `A` the annotations on
 * it. Every method gives a new query set; nothing is changed in place.
 */
export abstract class Narrowing<T, Row = T, A = unknown> {
  /** @internal */
  abstract get state(): QueryState;
  /** @internal */
  protected abstract derive(change: Partial<QueryState>): any;
  /** @internal */
  protected get refs(): RowRefs<T, A> {
    return refsOf(this.state.meta, this.state.annotations) as RowRefs<T, A>;
  }

  get model(): ModelClass<T> {
    return this.state.meta.model;
  }

  /** The same query, as a query set of its own. */
  all(): QueryOf<this> {
    return this.derive({});
  }
  /** Rows for which every condition holds. `filter({ price: { lte: 3000 }, roaster: { country: "KR" } })` */
  filter(...conditions: readonly ConditionOf<T, A>[]): QueryOf<this> {
    return this.derive({ filters: narrowed(this.state, false, conditions) });
  }
  /** Rows for which the conditions do not all hold; rows without a value stay. */
  exclude(...conditions: readonly ConditionOf<T, A>[]): QueryOf<this> {
    return this.derive({ filters: narrowed(this.state, true, conditions) });
  }
  /** `orderBy("-price", "name")`, `orderBy(r => r.n.desc())`, `orderBy("?")`; without a term, in no order. */
  orderBy(...terms: readonly OrderTerm<T, A>[]): QueryOf<this> {
    refuseSliced(this.state, "ordered anew", "Order first, then slice.");
    const order = terms.map((term) => {
      if (typeof term !== "function") return term as string;
      const made: unknown = term(this.refs);
      if (made instanceof OrderExpression) return made;
      if (!(made instanceof Expression)) refuseNoOrder();
      return new OrderExpression(made, false);
    });
    return this.derive({ order, reversed: false });
  }
  /** The other way round. */
  reverse(): QueryOf<this> {
    refuseSliced(this.state, "reversed", "Reverse first, then slice.");
    return this.derive({ reversed: !this.state.reversed });
  }
  /** Whether the query says in which order its rows come. */
  get ordered(): boolean {
    return isOrdered(this.state);
  }
  /** Whether that order leaves no two rows in an order of chance: it ends at something unique. */
  get totallyOrdered(): boolean {
    const { meta, order, group } = this.state;
    if (group !== undefined && group !== "row") return false;
    const names = new Set(
      (order ?? meta.ordering).filter((term) => typeof term === "string").map((term) => term.replace(/^-/, "")),
    );
    const isUnique = (name: string) => {
      const member = meta.member(name);
      return member?.type === "field" && member.field.unique && !member.field.null;
    };
    return [...names].some(isUnique) || uniqueTogether(meta).some((fields) => fields.every((name) => names.has(name)));
  }
  /** Each row once. With names: one row for each value of them, the first in the query's order. */
  distinct(...names: readonly ValueName<T, A>[]): QueryOf<this> {
    refuseSliced(this.state, "made distinct", "Use distinct() first, then slice.");
    return this.derive(names.length === 0 ? { distinct: true } : { distinctOn: names });
  }
  /** No rows, without asking the database. */
  none(): QueryOf<this> {
    return this.derive({ empty: true });
  }
  /** The rows from `start` up to, not including, `end`. */
  slice(start: number, end?: number): QueryOf<this> {
    const { start: from, end: to } = this.state;
    checkSlice(start, end, "slice");
    const newEnd = end === undefined ? to : Math.min(from + end, to ?? Number.POSITIVE_INFINITY);
    return this.derive({ start: from + start, end: newEnd });
  }
  /**
   * Of each group of rows those from `start` up to, not including, `end`, in the query's order:
   * `orderBy("-price").sliceEach("roaster", 0, 3)` gives the three dearest coffees of each roaster.
   */
  sliceEach(by: ValueName<T, A> | readonly ValueName<T, A>[], start: number, end?: number): QueryOf<this> {
    refuseSliced(this.state, "sliced by group", "Use sliceEach() first, then slice().");
    checkSlice(start, end, "sliceEach");
    return this.derive({ groupSlice: { by: typeof by === "string" ? [by] : (by as readonly string[]), start, end } });
  }
  /** Loads these fields only; reading another one of such a row is an error that says so. */
  only(...names: readonly ValueName<T, unknown>[]): QueryOf<this> {
    return this.derive({ only: names });
  }
  /** Leaves these fields out, besides those left out already; without names, leaves none out. */
  defer(...names: readonly ValueName<T, unknown>[]): QueryOf<this> {
    if (names.length === 0) return this.derive({ only: undefined, deferred: undefined });
    return this.derive({ deferred: [...(this.state.deferred ?? []), ...names] });
  }
  /**
   * Loads relations by queries of your own; a slice holds for each row by itself. `prefetch()` gives a name of
   * its own to what is loaded.
   *
   * ```ts
   * Roaster.objects.with({ coffees: Coffee.objects.filter({ isIce: true }).orderBy("-price").slice(0, 3) })
   * ```
   */
  with<const E extends PrefetchInput>(relations: E & CheckedPrefetch<T, E>): Kept<this, QuerySet<T, Prefetched<Row, T, E>, A>>;
  /** Joins to-one relations and loads to-many ones: `with("roaster")` makes `row.roaster` a Roaster. */
  with<const N extends RelationName<T>>(...names: readonly N[]): Kept<this, QuerySet<T, Loaded<Row, T, N>, A>>;
  with(...given: readonly unknown[]): any {
    return this.derive(withRelations(this.state, given));
  }
  /**
   * Locks the rows until the transaction ends, in which it must run. SQLite has no locks of rows: there a
   * transaction has the whole file to itself, and the options change nothing.
   */
  selectForUpdate(options: LockOptions = {}): QueryOf<this> {
    if (options.noWait && options.skipLocked)
      throw ormErrors.ORM_BAD_QUERY({
        reason: "selectForUpdate() cannot both fail at locked rows and skip them.",
        hint: "Give noWait or skipLocked.",
      });
    return this.derive({ lock: options });
  }
  /** Runs on another database of the project. */
  using(alias: string): QueryOf<this> {
    return this.derive({ alias });
  }
}

/** The lists of fields that no two rows have alike. */
function uniqueTogether(meta: ModelMeta): (readonly string[])[] {
  return (meta.options.constraints ?? []).flatMap((constraint) => {
    if (constraint.type !== "unique" || constraint.condition !== undefined || !Array.isArray(constraint.fields)) return [];
    const names = (constraint.fields as readonly unknown[]).filter((name) => typeof name === "string");
    const isWhole = names.length === constraint.fields.length && names.every((name) => !meta.field(name).null);
    return isWhole ? [names] : [];
  });
}

function checkSlice(start: number, end: number | undefined, method: string): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end ?? 0))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${method}(${start}, ${end}) is not given whole numbers.`,
      hint: "Give positions as slice(20, 40) does.",
    });
  if (start < 0 || (end !== undefined && end < 0))
    throw ormErrors.ORM_BAD_QUERY({
      reason: `${method}(${start}, ${end}) counts from the end, which a query cannot.`,
      hint: "Reverse the order and slice from the start.",
    });
}
