import { ormErrors } from "../errors.ts";
import type { Member, ModelMeta } from "../model/meta.ts";
import { type ConditionInput, Q } from "./conditions.ts";
import { stepOf } from "./field-path.ts";
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
  return new Proxy<Record<string, unknown>>(Object.create(null) as Record<string, unknown>, {
    get(target, name) {
      if (typeof name === "symbol") return undefined;
      const own = Reflect.get(target, name);
      return own ?? refFor(meta, path, name);
    },
  });
}

function refFor(meta: ModelMeta, path: readonly string[], name: string): unknown {
  const member = meta.member(name);
  if (member === undefined) throw meta.unknownField(name);
  const far = behind(member, name);
  if (far?.many) return manyRefs(new ManyRef({ path, name }), far.meta, []);
  return far ? modelRefs(far.meta, [...path, name]) : new FieldRef([...path, name]);
}

/** The model behind a relation, and whether many of its rows are; nothing behind a column. */
function behind(member: Member, name: string): { meta: ModelMeta; many: boolean } | undefined {
  if (member.type === "reverse") return { meta: member.relation.model.meta, many: !member.relation.one };
  if (member.type === "manyToMany") return { meta: member.field.relation.to.meta, many: true };
  const { relation } = member.field;
  return relation && name === member.field.name ? { meta: relation.to.meta, many: false } : undefined;
}

/** A to-many relation and, behind it, the fields of its rows and their relations. */
function manyRefs(many: ManyRef, meta: ModelMeta, inner: readonly string[]): unknown {
  return new Proxy(many, {
    get(target, name) {
      if (name === "filter") return (condition: ConditionInput) => manyRefs(target.filter(condition), meta, inner);
      if (name === "aggregate") return (make: (refs: any) => Expression<any>) => target.aggregate(make(modelRefs(meta, inner)));
      const own: unknown = name in Object.prototype ? undefined : Reflect.get(target, name);
      if (typeof own === "function") return own.bind(target);
      if (typeof name === "symbol") return own;
      const member = meta.member(name);
      if (member === undefined) throw meta.unknownField(name);
      const far = behind(member, name);
      if (far?.many) return manyRefs(target.behind(inner, name), far.meta, []);
      return far ? manyRefs(target, far.meta, [...inner, name]) : new ManyField(target, new FieldRef([...inner, name]));
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
  const step = stepOf(scope.meta, name, path);
  return step.type === "field" ? scope.joinOne(step.field) : scope.joinReverseOne(step.relation);
}

interface ManyPath {
  /** The to-many relation that this one is behind. */
  readonly within?: ManyPath;
  readonly path: readonly string[];
  readonly name: string;
  readonly condition?: ConditionInput;
}

/** A to-many relation in an expression. */
class ManyRef {
  readonly #many: ManyPath;
  constructor(many: ManyPath) {
    this.#many = many;
  }
  /** Only the related rows for which the condition holds. */
  filter(condition: ConditionInput): ManyRef {
    const before = this.#many.condition;
    return new ManyRef({ ...this.#many, condition: before === undefined ? condition : Q.and(before, condition) });
  }
  /** @internal A to-many relation of the related rows. */
  behind(path: readonly string[], name: string): ManyRef {
    return new ManyRef({ within: this.#many, path, name });
  }
  /** How many related rows there are. */
  count(): Expression<number> {
    return new RelatedAggregate(this.#many, new Aggregate("COUNT"));
  }
  /** Whether there is one at all. */
  exists(): Condition {
    return new RelatedExists(this.#many);
  }
  /** @internal An aggregate of what is computed from the related rows. */
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
  /** Any aggregate of it. @internal */
  aggregate<V>(make: (field: Expression<any>) => Expression<V>): Expression<V> {
    return this.#many.aggregate(make(this.#field));
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

/** Selects from the related rows; those behind a second relation stand beside the rows between, as often as they are there. */
function openRelated(scope: Scope, many: ManyPath, select: (inner: Scope) => Compiled): Compiled {
  const levels = openLevels(scope, many);
  const selected = select(levels.at(-1)!.scope);
  const where = levels.flatMap((level) => [level.link, level.condition ? compileCondition(level.scope, level.condition) : ""]);
  const tables = levels.map((level) => [level.from, ...level.scope.joins].join(" "));
  return {
    ...selected,
    sql: `SELECT ${selected.sql} FROM ${tables.join(" CROSS JOIN ")} WHERE ${where.filter(Boolean).join(" AND ")}`,
  };
}

interface Level extends ReturnType<Scope["openMany"]> {
  readonly condition: ConditionInput | undefined;
}

function openLevels(scope: Scope, { within, path, name, condition }: ManyPath): readonly Level[] {
  const before = within ? openLevels(scope, within) : [];
  let owner = before.at(-1)?.scope ?? scope;
  for (const step of path) owner = stepInto(owner, step, [...path, name]);
  return [...before, { ...owner.openMany(name), condition }];
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
