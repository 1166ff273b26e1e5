import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ReverseRelation } from "../model/registry.ts";
import { type Dialect, quoteName } from "../names.ts";
import type { Compiler } from "./compiler.ts";
import { Expression } from "./expressions.ts";
import { type LookupContext, lookupNames, lookups, transforms } from "./lookups.ts";
import { lookupValues } from "./query-shape.ts";
import { refsOf } from "./refs.ts";
import { throughColumns } from "./through-columns.ts";

/** SQL with what is known of its values. */
export interface Compiled {
  readonly sql: string;
  /** The field whose values it has: it converts both ways. */
  readonly field?: Field | undefined;
  /** How the value is read where no field knows. */
  readonly read?: ((value: any) => unknown) | undefined;
}

/** A query that can stand in parentheses inside another. */
export interface SubQuery {
  readonly compileSubQuery: (compiler: Compiler) => string;
}

/** One table within a SELECT, and the tables that are joined to it. */
export class Scope {
  readonly compiler: Compiler;
  readonly meta: ModelMeta;
  readonly alias: string;
  /** The JOIN clauses of the SELECT, shared by all its scopes. */
  readonly joins: string[];
  readonly nullable: boolean;
  annotations: Readonly<Record<string, Expression<any>>> | undefined;
  readonly #joined = new Map<string, Scope>();

  constructor(
    compiler: Compiler,
    meta: ModelMeta,
    parent?: { joins: string[]; nullable: boolean },
    alias = compiler.nextAlias(),
  ) {
    this.compiler = compiler;
    this.meta = meta;
    this.alias = alias;
    this.joins = parent?.joins ?? [];
    this.nullable = parent?.nullable ?? false;
  }

  get dialect(): Dialect {
    return this.compiler.dialect;
  }
  get from(): string {
    return `${quoteName(this.meta.table)} ${this.alias}`;
  }
  /** What a function in a filter or an annotation is called with. */
  get refs(): Record<string, unknown> {
    return refsOf(this.meta, this.annotations);
  }
  column(field: Field): string {
    return `${this.alias}.${quoteName(field.column)}`;
  }
  compileField(field: Field): Compiled {
    return { sql: this.column(field), field };
  }

  /** The table that a to-one relation leads to, joined once. */
  joinOne(field: Field): Scope {
    const found = this.#joined.get(field.name);
    if (found) return found;
    const nullable = this.nullable || field.null;
    const scope = new Scope(this.compiler, field.relation!.to.meta, { joins: this.joins, nullable });
    this.joins.push(
      `${nullable ? "LEFT" : "INNER"} JOIN ${scope.from} ON ${scope.column(scope.meta.primaryKey)} = ${this.column(field)}`,
    );
    this.#joined.set(field.name, scope);
    return scope;
  }

  /** The one row, if any, that refers here by a one-to-one. */
  joinReverseOne({ name, model, field }: ReverseRelation): Scope {
    const found = this.#joined.get(name);
    if (found) return found;
    const scope = new Scope(this.compiler, model.meta, { joins: this.joins, nullable: true });
    this.joins.push(`LEFT JOIN ${scope.from} ON ${scope.column(field)} = ${this.column(this.meta.primaryKey)}`);
    this.#joined.set(name, scope);
    return scope;
  }

  /** The far side of a to-many relation in a SELECT of its own: its scope, and how that SELECT begins. */
  openMany(name: string): { scope: Scope; from: string; link: string } {
    const member = this.meta.member(name)!;
    const key = this.column(this.meta.primaryKey);
    if (member.type === "reverse" && member.relation.field.kind !== "manyToMany") {
      const scope = new Scope(this.compiler, member.relation.model.meta);
      return { scope, from: scope.from, link: `${scope.column(member.relation.field)} = ${key}` };
    }
    const { field, reversed } =
      member.type === "reverse" ? { field: member.relation.field, reversed: true } : { field: member.field, reversed: false };
    const { through, owner, target } = throughColumns(field, reversed);
    const middle = this.compiler.nextAlias();
    const scope = new Scope(this.compiler, reversed ? field.model.meta : field.relation!.to.meta);
    const join = `INNER JOIN ${scope.from} ON ${scope.column(scope.meta.primaryKey)} = ${middle}.${quoteName(target.column)}`;
    return {
      scope,
      from: `${quoteName(through.table)} ${middle} ${join}`,
      link: `${middle}.${quoteName(owner.column)} = ${key}`,
    };
  }

  /** A plain value beside an expression, converted as that expression's field converts. */
  operand(value: unknown, field: Field | undefined): Compiled {
    return { sql: this.compiler.param(value, this.compiler.converterFor(value, field)), field };
  }

  /** `left` compared with `value` by a lookup, or by a part of a date first: `year`, `date`. */
  compileLookup(left: Compiled, lookup: string, value: unknown, label: string): string {
    const { compiler, dialect } = this;
    const write = lookups[lookup];
    if (write === undefined) {
      const transform = transforms[lookup];
      if (transform === undefined) throw ormErrors.ORM_UNKNOWN_LOOKUP({ field: label, given: lookup, known: lookupNames });
      return this.compileLookup({ sql: transform(left.sql, dialect) }, "eq", lookup === "date" ? String(value) : value, label);
    }
    const values: unknown[] = [];
    const marker = lookupValues(lookup, value, label, values);
    if (marker === "null" && lookup !== "eq")
      throw badValue(label, lookup, "null", lookup === "isNull" ? "true or false" : "a value; use isNull for rows without one");
    if (marker === "?" && (lookup === "in" || lookup === "range"))
      throw badValue(label, lookup, String(value), lookup === "in" ? "a list or a query" : "a list of two");
    if (lookup === "isNull" && typeof value !== "boolean") throw badValue(label, lookup, String(value), "true or false");
    const right = marker === undefined ? this.#rightSide(value) : undefined;
    const context: LookupContext = { sql: left.sql, field: left.field, dialect, compiler, values, marker: marker ?? "", right };
    return write(context);
  }

  #rightSide(value: unknown): string {
    this.compiler.cacheable = false;
    if (value instanceof Expression) return value.compile(this).sql;
    return `(${(value as SubQuery).compileSubQuery(this.compiler)})`;
  }
}

function badValue(field: string, lookup: string, given: string, wanted: string): Error {
  return ormErrors.ORM_BAD_LOOKUP_VALUE({ field, lookup, given, wanted });
}
