import { OrderExpression } from "../expressions/expression.ts";
import { type Direction, orderSql } from "../expressions/order.ts";
import type { QueryState } from "./query-state.ts";
import type { Compiled, Scope } from "./scope.ts";

/** A term of an ORDER BY: its value, and the whole of it with its direction. */
export interface OrderTermSql {
  readonly value: string;
  readonly sql: string;
  readonly isAggregate: boolean;
}

/** The terms of a query's order; without one of its own the model's, unless values are grouped. */
export function compileOrder(scope: Scope, state: QueryState): OrderTermSql[] {
  const isGrouped = state.group !== undefined && state.group !== "row";
  const terms = state.order ?? (isGrouped ? noOrder : state.meta.ordering);
  return terms.length === 0 ? [] : terms.flatMap((term) => orderTerm(scope, term, state.reversed));
}

/** The clause with these terms; empty without one. */
export function orderClause(terms: readonly OrderTermSql[]): string {
  return terms.length === 0 ? "" : `ORDER BY ${terms.map(({ sql }) => sql).join(", ")}`;
}

const noOrder: readonly string[] = [];

function orderTerm(scope: Scope, term: string | OrderExpression, reversed: boolean): OrderTermSql[] {
  if (term === "?") return [{ value: "RANDOM()", sql: "RANDOM()", isAggregate: true }];
  if (term instanceof OrderExpression) {
    const { expression, nulls } = term;
    const direction = { descending: term.descending !== reversed, nulls: flipped(nulls, reversed), joined: true };
    return [placed(scope, expression.compile(scope), { ...direction, isAggregate: expression.isAggregate })];
  }
  const descending = term.startsWith("-") !== reversed;
  const name = term.replace(/^-/, "");
  const annotation = scope.annotation(name);
  if (annotation)
    return [placed(scope, scope.compileName(name), { descending, joined: true, isAggregate: annotation.isAggregate })];
  const path = name.split(".");
  const target = path.length === 1 ? scope.meta.member(name) : undefined;
  if (target?.type === "field" && target.field.isComposite)
    return target.field.parts.flatMap((part) => orderTerm(scope, descending ? `-${part.attname}` : part.attname, false));
  if (target?.type === "field" && target.field.relation && target.field.name === name && name !== target.field.attname) {
    const { meta } = scope.joinOne(target.field);
    const inner = meta.ordering.length > 0 ? meta.ordering : ["pk"];
    return inner.flatMap((below) => orderTerm(scope, joinedTerm(name, below), descending));
  }
  return [placed(scope, scope.compileName(name), { descending, joined: path.length > 1 })];
}

function joinedTerm(relation: string, term: string): string {
  return term.startsWith("-") ? `-${relation}.${term.slice(1)}` : `${relation}.${term}`;
}

function flipped(nulls: "first" | "last" | undefined, reversed: boolean): "first" | "last" | undefined {
  if (!reversed || nulls === undefined) return nulls;
  return nulls === "first" ? "last" : "first";
}

function placed(scope: Scope, compiled: Compiled, place: Direction & { readonly isAggregate?: boolean }): OrderTermSql {
  return { value: compiled.sql, sql: orderSql(compiled, place, scope.dialect), isAggregate: place.isAggregate === true };
}
