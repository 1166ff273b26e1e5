import { ormErrors } from "../errors.ts";
import type { ModelMeta } from "../model/meta.ts";
import { type ConditionInput, Q } from "./conditions.ts";
import { Aggregate, bitAnd, bitOr, bitXor, boolAnd, boolOr } from "../expressions/aggregates.ts";
import {
  type AggregateOptions,
  Condition,
  Expression,
  type SampleOptions,
  type StringAggregateOptions,
  truth,
} from "../expressions/expression.ts";
import { pathSql } from "../expressions/json.ts";
import "../expressions/methods.ts";
import { labelOf } from "../lookups/lookup.ts";
import type { Compiled, Scope } from "./scope.ts";
import { SourceColumn } from "./sources/source-column.ts";
import { compileCondition } from "./where.ts";

/**
 * How it works
 *
 * `c => c.roaster.country` is called with an object that has a property for each field of the model.
 * To-one relations give such an object again, with a longer path; to-many relations give a `ManyRef`,
 * whose aggregates become sub-queries of their own, so that several of them never multiply.
 */
export function refsOf(meta: ModelMeta, annotations: Readonly<Record<string, Expression<any>>> = {}): Record<string, unknown> {
  const refs = modelRefs(meta, []);
  for (const [name, annotation] of Object.entries(annotations))
    Object.defineProperty(refs, name, { value: new AnnotationRef(name, annotation) });
  return refs;
}

/** An annotation by its name: a query that reads from another finds there what the other computed. */
class AnnotationRef<V> extends Expression<V> {
  readonly #name: string;
  readonly #annotation: Expression<V>;
  constructor(name: string, annotation: Expression<V>) {
    super();
    this.#name = name;
    this.#annotation = annotation;
  }
  override get parts(): readonly unknown[] {
    return [this.#annotation];
  }
  override compile(scope: Scope): Compiled {
    const found = scope.annotation(this.#name);
    const isSame = found === this.#annotation || found instanceof SourceColumn;
    return isSame ? scope.compileAnnotation(this.#name)! : this.#annotation.compile(scope);
  }
}

/** The properties of a model as expressions. A name that it lacks is refused at once, with the nearest. */
function modelRefs(meta: ModelMeta, path: readonly string[]): Record<string, unknown> {
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get(target, name) {
        if (typeof name === "symbol") return undefined;
        const own = Reflect.get(target, name);
        return own ?? refFor(meta, path, name);
      },
    },
  );
}

function refFor(meta: ModelMeta, path: readonly string[], name: string): unknown {
  const member = meta.member(name);
  if (member === undefined) throw meta.unknownField(name);
  if (member.type === "field") {
    const { field } = member;
    return field.relation && name === field.name
      ? modelRefs(field.relation.to.meta, [...path, name])
      : new FieldRef([...path, name]);
  }
  if (member.type === "reverse" && member.relation.one) return modelRefs(member.relation.model.meta, [...path, name]);
  const far = member.type === "reverse" ? member.relation.model.meta : member.field.relation.to.meta;
  return manyRefs(new ManyRef({ path, name }), far, []);
}

/** A to-many relation and, behind it, the fields of its rows. */
function manyRefs(many: ManyRef, meta: ModelMeta, inner: readonly string[]): unknown {
  return new Proxy(many, {
    get(target, name) {
      if (name === "filter") return (condition: ConditionInput) => manyRefs(target.filter(condition), meta, inner);
      const own: unknown = Reflect.get(target, name);
      if (typeof own === "function") return own.bind(target);
      if (typeof name === "symbol") return own;
      const member = meta.member(name);
      if (member?.type !== "field")
        throw member
          ? ormErrors.ORM_BAD_QUERY({
              reason: `${meta.label}.${name} is a second to-many relation in one aggregate.`,
              hint: "Aggregate from the model in between.",
            })
          : meta.unknownField(name);
      const { field } = member;
      if (field.relation && name === field.name) return manyRefs(target, field.relation.to.meta, [...inner, name]);
      return new ManyField(target, new FieldRef([...inner, name]));
    },
  });
}

/** A field, reached over to-one relations. */
export class FieldRef<V> extends Expression<V> {
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super();
    this.names = names;
  }
  override compile(scope: Scope): Compiled {
    const { names } = this;
    const annotation = scope.compileAnnotation(names[0]!);
    if (annotation) return keysBehind(scope, annotation, names.slice(1));
    let at = scope;
    for (let i = 0; i < names.length - 1; i++) {
      const member = at.meta.member(names[i]!);
      if (member?.type === "field" && member.field.kind === "json")
        return keysBehind(scope, at.compileField(member.field), names.slice(i + 1));
      at = stepInto(at, names[i]!, names);
    }
    return at.compileField(at.meta.columnField(names.at(-1)!));
  }
}

/** A value inside JSON: `"data.sizes.0"`. */
function keysBehind(scope: Scope, compiled: Compiled, keys: readonly string[]): Compiled {
  if (keys.length === 0) return compiled;
  if (compiled.field?.kind === "json") return pathSql(scope, compiled, keys);
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${labelOf(compiled)} has nothing behind it called "${keys.join(".")}".`,
    hint: "Relations have fields, and JSON has keys.",
  });
}

/** The scope behind a to-one relation. */
export function stepInto(scope: Scope, name: string, path: readonly string[]): Scope {
  const member = scope.meta.member(name);
  if (member === undefined) throw scope.meta.unknownField(name);
  if (member.type === "field" && member.field.relation) return scope.joinOne(member.field);
  if (member.type === "reverse" && member.relation.one) return scope.joinReverseOne(member.relation);
  throw ormErrors.ORM_BAD_QUERY({
    reason: `${scope.meta.label}.${name} in "${path.join(".")}" does not lead to one row.`,
    hint: "Use a to-one relation here, or annotate with an aggregate.",
  });
}

interface ManyPath {
  readonly path: readonly string[];
  readonly name: string;
  readonly condition?: ConditionInput;
}

/** A to-many relation in an expression. */
export class ManyRef {
  readonly #many: ManyPath;
  constructor(many: ManyPath) {
    this.#many = many;
  }
  /** Only the related rows for which the condition holds. */
  filter(condition: ConditionInput): ManyRef {
    const before = this.#many.condition;
    return new ManyRef({ ...this.#many, condition: before === undefined ? condition : Q.and(before, condition) });
  }
  /** How many related rows there are. */
  count(): Expression<number> {
    return new RelatedAggregate(this.#many, new Aggregate("COUNT"));
  }
  /** Whether there is one at all. */
  exists(): Condition {
    return new RelatedExists(this.#many);
  }
  /** @internal */
  aggregate<V>(inner: Expression<V>): Expression<V> {
    return new RelatedAggregate(this.#many, inner);
  }
}

/** A field of the rows of a to-many relation: only its aggregates mean something. */
export class ManyField {
  readonly #many: ManyRef;
  readonly #field: Expression<any>;
  constructor(many: ManyRef, field: Expression<any>) {
    this.#many = many;
    this.#field = field;
  }
  sum(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.sum(options));
  }
  avg(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.avg(options));
  }
  min(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.min(options));
  }
  max(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.max(options));
  }
  count(options?: AggregateOptions): Expression<number> {
    return this.#many.aggregate(this.#field.count(options));
  }
  stdDev(options?: SampleOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.stdDev(options));
  }
  variance(options?: SampleOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.variance(options));
  }
  stringAgg(delimiter: string, options?: StringAggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.stringAgg(delimiter, options));
  }
  anyValue(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(this.#field.anyValue(options));
  }
  bitAnd(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(bitAnd(this.#field, options));
  }
  bitOr(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(bitOr(this.#field, options));
  }
  bitXor(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(bitXor(this.#field, options));
  }
  boolAnd(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(boolAnd(this.#field, options));
  }
  boolOr(options?: AggregateOptions): Expression<unknown> {
    return this.#many.aggregate(boolOr(this.#field, options));
  }
}

function openRelated(scope: Scope, { path, name, condition }: ManyPath, select: (inner: Scope) => Compiled): Compiled {
  let owner = scope;
  for (const step of path) owner = stepInto(owner, step, [...path, name]);
  const { scope: inner, from, link } = owner.openMany(name);
  const selected = select(inner);
  const extra = condition === undefined ? "" : compileCondition(inner, condition);
  const joins = inner.joins.map((join) => ` ${join}`).join("");
  return { ...selected, sql: `SELECT ${selected.sql} FROM ${from}${joins} WHERE ${link}${extra && ` AND ${extra}`}` };
}

class RelatedAggregate<V> extends Expression<V> {
  readonly #many: ManyPath;
  readonly #inner: Expression<V>;
  constructor(many: ManyPath, inner: Expression<V>) {
    super();
    this.#many = many;
    this.#inner = inner;
  }
  override compile(scope: Scope): Compiled {
    const compiled = openRelated(scope, this.#many, (inner) => this.#inner.compile(inner));
    return { ...compiled, sql: `(${compiled.sql})` };
  }
}

class RelatedExists extends Condition {
  readonly #many: ManyPath;
  constructor(many: ManyPath) {
    super();
    this.#many = many;
  }
  override compile(scope: Scope): Compiled {
    return truth(`EXISTS (${openRelated(scope, this.#many, () => ({ sql: "1" })).sql})`);
  }
}
