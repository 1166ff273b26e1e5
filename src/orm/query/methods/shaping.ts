import { ormErrors } from "../../errors.ts";
import type { Temporal } from "#validation";
import { trunc, truncDate, type ZoneOptions } from "../../expressions/dates.ts";
import type { TruncPart } from "../../expressions/date-sql.ts";
import type { Expression } from "../../expressions/expression.ts";
import type { Field } from "../../fields/field.ts";
import { annotated } from "../annotations.ts";
import { conditionAt, fieldAt } from "../field-path.ts";
import type { QuerySet } from "../query-set.ts";
import type { QueryState, Selection } from "../query-state.ts";
import { FieldRef } from "../refs.ts";
import { type CombineOptions, combined } from "../sources/combined.ts";
import type { Cte, CteColumns } from "../sources/cte.ts";
import type { AnnotationValues, ValueAt, ValueName } from "../typing.ts";
import { type Kept, Narrowing, type QueryOf, refuseSliced, type RowRefs } from "./narrowing.ts";

/** Another query whose rows have the same shape. */
export interface SameRows<Row> {
  readonly state: QueryState;
  then(onRows: (rows: Row[]) => any): unknown;
}

/** The lengths of time that `dates()` tells apart. */
export type DayPart = Exclude<TruncPart, "hour" | "minute" | "second">;

/** How the values of `dates()` and `dateTimes()` come. */
export interface DatesOptions extends ZoneOptions {
  readonly order?: "asc" | "desc";
}

/** How a named query is joined. */
export interface JoinOptions {
  /** Keeps rows without a match; the columns of the named query are null then. */
  readonly left?: boolean;
}

/** What each row is: computed values, chosen values, groups, and rows of several queries put together. */
export abstract class Shaping<T, Row = T, A = unknown> extends Narrowing<T, Row, A> {
  /**
   * Adds computed values to each row: `annotate(r => ({ n: r.coffees.count() }))`. Aggregates of the query's
   * own rows group them: by what `values()` named before, else each row by itself.
   */
  annotate<const E extends Record<string, Expression<any>>>(
    make: (row: RowRefs<T, A>) => E,
  ): Kept<this, QuerySet<T, Row & AnnotationValues<E>, A & AnnotationValues<E>>> {
    return this.derive(annotated(this.state, make(this.refs)));
  }
  /** Computes values for filters and orders that the rows themselves are not given. */
  alias<const E extends Record<string, Expression<any>>>(
    make: (row: RowRefs<T, A>) => E,
  ): Kept<this, QuerySet<T, Row, A & AnnotationValues<E>>> {
    const { state } = this;
    const made = make(this.refs);
    const { annotations, group } = annotated(state, made);
    return this.derive({ annotations, group, hidden: [...(state.hidden ?? []), ...Object.keys(made)] });
  }
  /** Plain objects with the named values; `"roaster.country"` leads over a relation. */
  values<const N extends ValueName<T, A>>(...names: readonly N[]): Kept<this, QuerySet<T, { [K in N]: ValueAt<T, A, K> }, A>> {
    return this.derive({ selection: selectionOf(this.state, "values", names) });
  }
  /** Arrays of the named values; with `{ flat: true }` the single value itself. */
  valuesList<const N extends ValueName<T, A>>(name: N, options: { flat: true }): Kept<this, QuerySet<T, ValueAt<T, A, N>, A>>;
  valuesList<const N extends readonly ValueName<T, A>[]>(
    ...names: N
  ): Kept<this, QuerySet<T, { -readonly [I in keyof N]: ValueAt<T, A, N[I]> }, A>>;
  valuesList(...given: readonly (string | { flat: true })[]): any {
    const names = given.filter((name) => typeof name === "string");
    return this.derive({ selection: selectionOf(this.state, names.length < given.length ? "flat" : "list", names) });
  }

  /**
   * The days, or the first days of the weeks, months, quarters or years, on which a field has a value: each once,
   * in order. `Order.objects.dates("created", "month")`
   */
  dates(name: ValueName<T, unknown>, part: DayPart, options: DatesOptions = {}): Kept<this, QuerySet<T, Temporal.PlainDate, A>> {
    const { field, expression } = timeOf(this.state, name, ["date", "dateTime"]);
    const day = field.kind === "date" ? expression : truncDate(expression, options);
    return this.derive(
      distinctTimes(this.state, { name, made: part === "day" ? day : trunc(day, part), descending: options.order === "desc" }),
    );
  }
  /** The moments at which a field has a value, to the hour or the minute, the month or the year: each once, in order. */
  dateTimes(name: ValueName<T, unknown>, part: TruncPart, options: DatesOptions = {}): Kept<this, QuerySet<T, Date, A>> {
    const { expression } = timeOf(this.state, name, ["dateTime"]);
    return this.derive(
      distinctTimes(this.state, { name, made: trunc(expression, part, options), descending: options.order === "desc" }),
    );
  }

  /** The rows of this query and of the others, equal rows once; with `{ all: true }` as a last argument, each as often as it is found. */
  union(...others: readonly (SameRows<Row> | CombineOptions)[]): QueryOf<this> {
    return this.derive(combined("UNION", this.state, others));
  }
  /** The rows that this query and all the others give. */
  intersection(...others: readonly SameRows<Row>[]): QueryOf<this> {
    return this.derive(combined("INTERSECT", this.state, others));
  }
  /** The rows of this query that none of the others gives. */
  difference(...others: readonly SameRows<Row>[]): QueryOf<this> {
    return this.derive(combined("EXCEPT", this.state, others));
  }
  /**
   * Joins a named query: a row for each match. Its columns are then at hand under `cte.columns`.
   * `join(totals, (roaster, total) => total.roasterId.eq(roaster.id))`
   */
  join<T2, Row2, A2>(
    cte: Cte<T2, Row2, A2>,
    on: (row: RowRefs<T, A>, joined: CteColumns<T2, Row2, A2>) => Expression<boolean>,
    options: JoinOptions = {},
  ): QueryOf<this> {
    refuseSliced(this.state, "joined", "Join first, then slice.");
    const join = { cte, on: on(this.refs, cte.columns), left: options.left === true };
    return this.derive({ joins: [...(this.state.joins ?? []), join] });
  }
}

/** A moment's field, by its name. */
function timeOf(state: QueryState, name: string, kinds: readonly string[]): { field: Field; expression: FieldRef<any> } {
  const path = name.split(".");
  const field = fieldAt(state.meta, path);
  if (kinds.includes(field.kind)) return { field, expression: new FieldRef(path) };
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${field.label} is a ${field.kind} field, which has no ${kinds.length > 1 ? "dates" : "moments"}.`,
    hint: `Name a field of the kind ${kinds.join(" or ")}.`,
  });
}

const time = "cortado_time";

/** Each value of an expression once, in its order. */
function distinctTimes(
  state: QueryState,
  { name, made, descending }: { name: string; made: Expression<any>; descending: boolean },
): Partial<QueryState> {
  refuseSliced(state, "asked for its dates", "Ask first, then slice.");
  const isThere = conditionAt(name, { isNull: false });
  return {
    annotations: { ...state.annotations, [time]: made },
    filters: [...state.filters, { negated: false, condition: isThere }],
    selection: { kind: "flat", names: [time] },
    distinct: true,
    order: [descending ? `-${time}` : time],
    reversed: false,
    group: undefined,
  };
}

function selectionOf(
  { meta, annotations = {}, hidden = [] }: QueryState,
  kind: Selection["kind"],
  names: readonly string[],
): Selection {
  const secret = names.find((name) => hidden.includes(name));
  if (secret !== undefined)
    throw ormErrors.ORM_BAD_QUERY({
      reason: `"${secret}" was computed by alias(), so ${meta.label} rows do not give it.`,
      hint: `Annotate it: annotate(r => ({ ${secret}2: r.${secret} })), or use annotate() from the start.`,
    });
  const visible = Object.keys(annotations).filter((name) => !hidden.includes(name));
  return { kind, names: names.length > 0 ? names : [...meta.fields.map((field) => field.attname), ...visible] };
}
