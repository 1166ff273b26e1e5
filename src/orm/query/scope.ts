import { ormErrors } from "../errors.ts";
import type { Field } from "../fields/field.ts";
import { stateOf } from "../model/instance-state.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ReverseRelation } from "../model/registry.ts";
import { metaOf } from "../model/row.ts";
import { isRowOf } from "../model/row-key.ts";
import { type Dialect, quoteName } from "../names.ts";
import type { Compiler } from "./compiler.ts";
import { Expression } from "../expressions/expression.ts";
import { findLookup, findTransform, labelOf, lookupNames } from "../lookups/lookups.ts";
import { isText } from "../relations/generic-fields.ts";
import { lookupValues } from "./query-shape.ts";
import { refsOf } from "./refs.ts";
import { throughColumns } from "./through-columns.ts";

/** SQL with what is known of its values. */
export interface Compiled {
  readonly sql: string;
  /** The field whose values it has: it converts both ways. */
  readonly field?: Field | undefined;
  /** Its name in messages, where the field does not say it. */
  readonly label?: string | undefined;
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
  #compiled: Map<Expression<any>, Compiled> | undefined;

  constructor(compiler: Compiler, meta: ModelMeta, given: { joins?: string[]; nullable?: boolean; alias?: string } = {}) {
    this.compiler = compiler;
    this.meta = meta;
    this.alias = given.alias ?? compiler.nextAlias();
    this.joins = given.joins ?? [];
    this.nullable = given.nullable ?? false;
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
  /** An annotation of the query by its name. */
  annotation(name: string): Expression<any> | undefined {
    return this.annotations !== undefined && Object.hasOwn(this.annotations, name) ? this.annotations[name] : undefined;
  }
  /** An annotation's SQL, written once however often the query names it. */
  compileAnnotation(name: string): Compiled | undefined {
    const annotation = this.annotation(name);
    if (annotation === undefined) return undefined;
    const known = (this.#compiled ??= new Map()).get(annotation);
    if (known !== undefined) return known;
    const compiled = annotation.compile(this);
    this.#compiled.set(annotation, compiled);
    return compiled;
  }
  column(field: Field): string {
    if (this.meta.isJoined && field.model !== this.meta.concrete) return this.#parentScope().column(field);
    return `${this.alias}.${quoteName(field.column)}`;
  }
  /** The parent's table, joined once: where the columns are that a child does not have itself. */
  #parentScope(): Scope {
    const { model, field: link } = this.meta.parents[0]!;
    const known = this.#joined.get(link.name);
    if (known) return known;
    const scope = new Scope(this.compiler, model.meta, { joins: this.joins, nullable: this.nullable });
    const kind = this.nullable ? "LEFT" : "INNER";
    this.joins.push(
      `${kind} JOIN ${scope.from} ON ${scope.column(scope.meta.primaryKey)} = ${this.alias}.${quoteName(link.column)}`,
    );
    this.#joined.set(link.name, scope);
    return scope;
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
      `${nullable ? "LEFT" : "INNER"} JOIN ${scope.from} ON ${scope.column(field.relation!.targetField!)} = ${this.column(field)}`,
    );
    this.#joined.set(field.name, scope);
    return scope;
  }

  /** The one row, if any, that refers here by a one-to-one. */
  joinReverseOne({ name, model, field }: ReverseRelation): Scope {
    const found = this.#joined.get(name);
    if (found) return found;
    const scope = new Scope(this.compiler, model.meta, { joins: this.joins, nullable: true });
    this.joins.push(`LEFT JOIN ${scope.from} ON ${scope.column(field)} = ${this.column(field.relation!.targetField!)}`);
    this.#joined.set(name, scope);
    return scope;
  }

  /** The far side of a to-many relation in a SELECT of its own: its scope, and how that SELECT begins. */
  openMany(name: string): { scope: Scope; from: string; link: string } {
    const member = this.meta.member(name)!;
    if (member.type === "reverse" && member.relation.field.kind !== "manyToMany") {
      const { model, field, fixed } = member.relation;
      const scope = new Scope(this.compiler, model.meta);
      if (fixed) return { scope, from: scope.from, link: genericLink(this, scope, member.relation) };
      return { scope, from: scope.from, link: `${scope.column(field)} = ${this.column(field.relation!.targetField!)}` };
    }
    const { field, reversed } =
      member.type === "reverse" ? { field: member.relation.field, reversed: true } : { field: member.field, reversed: false };
    const { through, owner, target } = throughColumns(field, reversed);
    const middle = this.compiler.nextAlias();
    const scope = new Scope(this.compiler, reversed ? field.model.meta : field.relation!.to.meta);
    const join = `INNER JOIN ${scope.from} ON ${scope.column(target.relation!.targetField!)} = ${middle}.${quoteName(target.column)}`;
    return {
      scope,
      from: `${quoteName(through.table)} ${middle} ${join}`,
      link: `${middle}.${quoteName(owner.column)} = ${this.column(owner.relation!.targetField!)}`,
    };
  }

  /** A plain value beside an expression, converted as that expression's field converts. */
  operand(value: unknown, field: Field | undefined): Compiled {
    return { sql: this.compiler.param(value, this.compiler.converterFor(value, field)), field };
  }

  /** `left` compared with `value` by a lookup, or by a part of a date first: `year`, `date`. */
  compileLookup(left: Compiled, lookup: string, value: unknown): string {
    const { compiler, dialect } = this;
    const label = labelOf(left);
    const write = findLookup(lookup);
    if (write === undefined) {
      const transform = findTransform(lookup);
      if (transform === undefined) throw ormErrors.ORM_UNKNOWN_LOOKUP({ field: label, given: lookup, known: lookupNames });
      return this.compileLookup({ sql: transform(left.sql, dialect), label }, "eq", lookup === "date" ? String(value) : value);
    }
    const values: unknown[] = [];
    const marker = lookupValues(lookup, value, { label, values });
    const wanted = wantedInstead(lookup, { value, marker, field: left.field });
    if (wanted !== undefined) throw ormErrors.ORM_BAD_LOOKUP_VALUE({ field: label, lookup, given: printed(value), wanted });
    const right = marker === undefined ? this.#rightSide(value) : undefined;
    return write({ sql: left.sql, field: left.field, dialect, compiler, values, marker: marker ?? "", right });
  }

  #rightSide(value: unknown): string {
    this.compiler.cacheable = false;
    if (value instanceof Expression) return value.compile(this).sql;
    return `(${(value as SubQuery).compileSubQuery(this.compiler)})`;
  }
}

/** Rows of a generic relation hold the owner's key, and its model's. */
function genericLink(owner: Scope, scope: Scope, { field, fixed }: ReverseRelation): string {
  const key = owner.meta.primaryKey;
  const cast = isText(field) && !isText(key) ? `CAST(${owner.column(key)} AS text)` : owner.column(key);
  scope.compiler.cacheable = false;
  const types = Object.entries(fixed!.values).map(([name, value]) =>
    scope.compileLookup(scope.compileField(scope.meta.columnField(name)), "eq", value),
  );
  return [`${scope.column(field)} = ${cast}`, ...types].join(" AND ");
}

interface Given {
  readonly value: unknown;
  readonly marker: string | undefined;
  readonly field: Field | undefined;
}

/** What a lookup takes, when it was given something else. */
function wantedInstead(lookup: string, { value, marker, field }: Given): string | undefined {
  if (lookup === "isNull") return typeof value === "boolean" ? undefined : "true or false";
  if (marker === "null") return lookup === "eq" ? undefined : "a value; isNull finds rows without one";
  if (marker === undefined) return value instanceof Expression || isQuery(value) ? undefined : "a value or an expression";
  if (lookup === "in") return marker === "[]" ? undefined : "a list or a query";
  if (lookup === "range") return Array.isArray(value) && marker !== "[]" ? undefined : "a list of two values";
  if (marker === "[]") return field?.kind === "json" ? undefined : 'one value; "in" takes a list';
  return marker.startsWith("row of ") ? otherModel(field, value as object) : undefined;
}

/** A relation is compared with rows of its own model. */
function otherModel(field: Field | undefined, row: object): string | undefined {
  const target = field?.relation?.to ?? (field?.primaryKey ? field.model : undefined);
  if (target === undefined || isRowOf(target, row)) return undefined;
  return `a ${target.meta.label} or its key`;
}

function isQuery(value: unknown): value is SubQuery {
  return typeof value === "object" && value !== null && "compileSubQuery" in value;
}

function printed(value: unknown): string {
  if (typeof value === "object" && value !== null && stateOf in value) return `a ${metaOf(value).label}`;
  return typeof value === "function" ? "a function" : String(value);
}
