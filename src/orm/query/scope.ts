import type { Field } from "../fields/field.ts";
import type { ModelMeta } from "../model/meta.ts";
import type { ReverseRelation } from "../model/registry.ts";
import { type Dialect, quoteName } from "../names.ts";
import type { Compiler } from "./compiler.ts";
import type { ConditionInput } from "./conditions.ts";
import type { Expression } from "../expressions/expression.ts";
import { compileLookup } from "../lookups/compile-lookup.ts";
import { isText } from "../relations/generic-fields.ts";
import { FieldRef, refsOf } from "./refs.ts";
import type { Read } from "./read-values.ts";
import { throughColumns } from "./through-columns.ts";
import { compileCondition } from "./where.ts";

/** SQL with what is known of its values. */
export interface Compiled {
  readonly sql: string;
  /** The field whose values it has: it converts both ways. */
  readonly field?: Field | undefined;
  /** Its name in messages, where the field does not say it. */
  readonly label?: string | undefined;
  /** How the value is read where no field knows. */
  readonly read?: Read;
  /** What it is ordered by, where that is not the value itself. */
  readonly order?: string | undefined;
  /** Whether it is a value inside a JSON column. */
  readonly isJsonPath?: boolean | undefined;
  /** Whether it is a comparison, which stands in parentheses when it is compared again. */
  readonly isCondition?: boolean | undefined;
  /** Whether it is a query in parentheses. */
  readonly isQuery?: boolean | undefined;
  /** What the side that it is compared with is changed by, where a transform changes both. */
  readonly both?: ((sql: string) => string) | undefined;
}

/** A query that can stand in parentheses inside another. */
export interface SubQuery {
  /** Its SQL: of the one value that it selects, or with `whole` of its rows. */
  compileSubQuery(compiler: Compiler, whole?: boolean): Compiled;
}

/** One table within a SELECT, and the tables that are joined to it. */
export class Scope {
  readonly compiler: Compiler;
  readonly meta: ModelMeta;
  readonly alias: string;
  /** The JOIN clauses of the SELECT, shared by all its scopes. */
  readonly joins: string[];
  readonly nullable: boolean;
  /** The table of the query around this one. */
  readonly outer: Scope | undefined;
  annotations: Readonly<Record<string, Expression<any>>> | undefined;
  readonly #joined = new Map<string, Scope>();
  #compiled: Map<Expression<any>, Compiled> | undefined;
  #named: Map<string, Compiled> | undefined;

  constructor(compiler: Compiler, meta: ModelMeta, given: { joins?: string[]; nullable?: boolean; alias?: string } = {}) {
    this.compiler = compiler;
    this.meta = meta;
    this.alias = given.alias ?? compiler.nextAlias();
    this.joins = given.joins ?? [];
    this.nullable = given.nullable ?? false;
    this.outer = compiler.enclosing;
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
  /** What a name stands for, an annotation or a field over relations; its SQL, too, is written once. */
  compileName(name: string): Compiled {
    const annotation = this.compileAnnotation(name);
    if (annotation !== undefined) return annotation;
    const known = this.#named?.get(name);
    if (known !== undefined) return known;
    const compiled = new FieldRef(name.split(".")).compile(this);
    (this.#named ??= new Map()).set(name, compiled);
    return compiled;
  }
  column(field: Field): string {
    if (field.isComposite) return field.parts.map((part) => this.column(part)).join(", ");
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

  /** `left` compared with `value` by a lookup, or by a transform first: `year`, `date`. */
  compileLookup(left: Compiled, lookup: string, value: unknown): string {
    return compileLookup(this, left, { lookup, value });
  }
  /** A condition on the rows of this table; empty when it says nothing. */
  condition(input: ConditionInput): string {
    return compileCondition(this, input);
  }
  /** A query in parentheses that may speak of this one by `outerRef`: the one value that it selects, or with `whole` its rows. */
  compileSubQuery(query: SubQuery, whole = false): Compiled {
    this.compiler.cacheable = false;
    const found = this.compiler.within(this, () => query.compileSubQuery(this.compiler, whole));
    return { ...found, sql: `(${found.sql})` };
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
