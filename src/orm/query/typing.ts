import type { Temporal } from "#validation";
import type { FieldFile } from "../fields/files/field-file.ts";
import type { Manager } from "./manager.ts";
import type { queryType } from "./methods/narrowing.ts";
import type { Pending } from "../relations/pending.ts";
import type { Prefetch } from "../relations/prefetch.ts";
import type { LoadedRows, RelatedManager } from "../relations/related-manager.ts";
import type { AggregateOptions, Condition, Expression, NoneOf } from "../expressions/expression.ts";
import type { CustomLookups } from "../lookups/lookups.ts";
import type { Q } from "./conditions.ts";

/** Where a row's type remembers the declaration of its fields. */
export declare const fieldsOf: unique symbol;
/** Tells a row from a `Pending`, so that the two never mix. */
export declare const rowMark: unique symbol;

type IsAny<T> = 0 extends 1 & T ? true : false;
export type AnyRecord = Record<string, any>;
/** The declaration behind a row. */
export type FieldsOf<T> = T extends { readonly [fieldsOf]: infer F } ? F : never;

/** The rows of what a relation names. A key such as `"@user"` is known at run time only. */
export type RowOf<M> = M extends { readonly prototype: infer T } ? T : any;

type GenericTarget<X> = RelationOf<X> extends { readonly $generic: infer M } ? M : never;
type RelationOf<X> = X extends () => infer R ? R : undefined;
type ToOne = { readonly $one: unknown };
type ToMany = { readonly $many: unknown } | { readonly $related: unknown };

/** The value of one declared property on a row. */
export type AttributeOf<X> = X extends { readonly $value: infer V } ? V : X extends () => infer R ? RelationValue<R> : never;
type RelationValue<R> = R extends { readonly $one: infer M; readonly $null: infer N }
  ? RowOf<M> | Pending<RowOf<M>> | (N extends true ? null : never)
  : R extends { readonly $many: infer M }
    ? RelatedManager<RowOf<M>> & ManagerMethods<M>
    : R extends { readonly $related: infer M; readonly field: infer Name }
      ? ReverseValue<M, RowOf<M>, Name>
      : R extends { readonly $generic: infer M }
        ? M | Pending<M | null> | null
        : never;
type ReverseValue<M, T, Name> =
  IsOneToOne<T, Name> extends true ? T | Pending<T | null> | null : RelatedManager<T> & ManagerMethods<M>;
/** What a model's manager can do beside querying; ways to its rows can do it too. */
type ManagerMethods<M> = M extends { readonly objects: infer O } ? OwnMethods<O, keyof O> : unknown;
type OwnMethods<O, K extends keyof O> = K[] extends (keyof Manager<any, any>)[]
  ? unknown
  : Pick<O, Exclude<K, keyof Manager<any, any>> | Extract<K, typeof queryType>>;
type IsOneToOne<T, Name> = Name extends "parent link"
  ? true
  : Name extends keyof FieldsOf<T>
    ? RelationOf<FieldsOf<T>[Name]> extends { readonly kind: "oneToOne" }
      ? true
      : false
    : false;

/** The primary key's value of a row. */
export type KeyOf<T> = T extends { readonly pk: infer K } ? K : any;

/** The name of the primary key that is declared. */
export type KeyName<F> = { [K in keyof F]: F[K] extends { readonly $presence: "key" | "optionalKey" } ? K : never }[keyof F];
/** Whether no field of a declaration is a primary key. What fields are is known once for all models: no field costs anything. */
type IsKeyless<F> = F extends { readonly pk: unknown } ? false : F[keyof F] extends { readonly $presence?: "required" | "optional" } | Function ? true : false; // oxfmt-ignore
/** The names of the primary key that are not declared; `pk` is one whatever the key is. */
type KeyNames<F> = IsKeyless<F> extends true ? "id" | "pk" : "pk";
/** The primary key's value of a declaration. */
export type DeclaredKey<F> = F extends { readonly pk: { readonly $parts: infer P } }
  ? { -readonly [I in keyof P]: PartValue<F, P[I]> }
  : IsKeyless<F> extends true
    ? number
    : F[KeyName<F>] extends { readonly $value: infer V }
      ? V
      : never;
/** The `id` that a model without a primary key of its own gets. */
export type ImplicitKey<F> = IsKeyless<F> extends true ? { id: number } : unknown;
/** The value of a part of a primary key of several fields. */
type PartValue<F, N> = N extends keyof F ? (F[N] extends { readonly $value: infer V } ? V : RelationKey<F[N]>) : never;

/** The names of relations, found once: what fields there are beside them is told from them. */
export type RelationNames<F> = { [K in keyof F]: F[K] extends Function ? K : never }[keyof F] & string;
type ScalarKeys<F> = Exclude<keyof F, RelationNames<F>>;
type OneKeys<F> = { [K in RelationNames<F>]: F[K] extends () => ToOne ? K : never }[RelationNames<F>];
type GenericKeys<F> = {
  [K in RelationNames<F>]: F[K] extends () => { readonly $generic: unknown } ? K : never;
}[RelationNames<F>];
type ManyKeys<F> = { [K in RelationNames<F>]: F[K] extends () => ToMany ? K : never }[RelationNames<F>];
type RelationTargetOf<X> = RelationOf<X> extends { readonly $one: infer M } ? RowOf<M> : RelationOf<X> extends { readonly $many: infer M } ? RowOf<M> : RelationOf<X> extends { readonly $related: infer M } ? RowOf<M> : never; // oxfmt-ignore
type NullableOne<X> = RelationOf<X> extends { readonly $null: true } ? null : never;

/** What a relation's key column holds. */
export type RelationKey<X> =
  RelationOf<X> extends { readonly $one: infer M } ? HeldKey<RelationOf<X>, RowOf<M>> | NullableOne<X> : never;
/** The primary key of the target, or the field that `toField` names. */
type HeldKey<R, T> = R extends { readonly $toField: infer N } ? (N extends keyof T ? T[N] : any) : KeyOf<T>;

type Required<F> = { [K in keyof F]: F[K] extends { readonly $presence: "required" | "key" } ? K : never }[keyof F];
type RequiredOnes<F> = {
  [K in keyof F]: RelationOf<F[K]> extends { readonly $one: unknown; readonly $presence: "required" | "key" } ? K : never;
}[keyof F];
type OneInput<F, K extends keyof F> =
  | { [P in K]: RelationTargetOf<F[P]> | NullableOne<F[P]> }
  | { [P in K & string as `${P}Id`]: RelationKey<F[P]> };
type UnionToIntersection<U> = (U extends unknown ? (x: U) => void : never) extends (x: infer I) => void ? I : never;
type RequiredRelations<F> = [RequiredOnes<F>] extends [never]
  ? unknown
  : UnionToIntersection<{ [K in RequiredOnes<F>]: Boxed<OneInput<F, K>> }[RequiredOnes<F>]> extends infer B
    ? Unboxed<B>
    : never;
type Boxed<T> = { box: T };
type Unboxed<B> = B extends { box: infer T } ? T : unknown;

/** What `new Coffee()` takes: any of its values. */
export type InstanceValues<F> = { [K in ScalarKeys<F>]?: AttributeOf<F[K]> } & {
  [K in OneKeys<F>]?: RelationTargetOf<F[K]> | NullableOne<F[K]>;
} & {
  [K in GenericKeys<F>]?: GenericTarget<F[K]> | null;
} & {
  [K in OneKeys<F> & string as `${K}Id`]?: RelationKey<F[K]>;
} & { [K in KeyNames<F>]?: DeclaredKey<F> };

/** What `create()` takes: the fields without a default are required. */
export type CreateValues<T> = IsAny<T> extends true ? AnyRecord : InstanceValues<FieldsOf<T>> & { [K in Required<FieldsOf<T>>]: AttributeOf<FieldsOf<T>[K]> } & RequiredRelations<FieldsOf<T>>; // oxfmt-ignore

/** Anything that the database computes. Its methods are no lookups: the compiler must not take them for any. */
interface Computed {
  readonly $value: any;
  compile(scope: any): unknown;
}

/** What `update()` takes: values or expressions. */
export type UpdateValues<T> = IsAny<T> extends true ? AnyRecord : {
  [K in keyof InstanceValues<FieldsOf<T>>]?: InstanceValues<FieldsOf<T>>[K] | Computed;
}; // oxfmt-ignore

/** What stands on the right side of a comparison. */
export type Right<V> = NonNullable<V> | Computed | ValueQuery;

/** Comparisons of one field. */
export type Lookups<V> = Comparisons<V> & OwnLookups<NonNullable<V>>;
type Comparisons<V> = {
  eq?: V | Computed | ValueQuery;
  in?: Iterable<V | null | Computed> | ValueQuery;
  gt?: Right<V>;
  gte?: Right<V>;
  lt?: Right<V>;
  lte?: Right<V>;
  range?: readonly [Right<V>, Right<V>];
  isNull?: boolean;
} & CustomLookups<V>;
type OwnLookups<V> = 0 extends 1 & V ? TextLookups & MomentLookups : [V] extends [string | FieldFile] ? TextLookups : [V] extends [Date] ? MomentLookups : [V] extends [Temporal.PlainDate] ? DayLookups : [V] extends [Temporal.PlainTime] ? ClockLookups : unknown; // oxfmt-ignore

type TextRight = string | Computed | ValueQuery;
interface TextLookups {
  iexact?: TextRight | null;
  contains?: TextRight;
  icontains?: TextRight;
  startsWith?: TextRight;
  istartsWith?: TextRight;
  endsWith?: TextRight;
  iendsWith?: TextRight;
  regex?: TextRight;
  iregex?: TextRight;
  lower?: TextRight | Lookups<string>;
  upper?: TextRight | Lookups<string>;
  trim?: TextRight | Lookups<string>;
  length?: NumberRight;
}

export type NumberRight = number | Computed | Lookups<number>;
interface DayLookups {
  year?: NumberRight;
  isoYear?: NumberRight;
  quarter?: NumberRight;
  month?: NumberRight;
  week?: NumberRight;
  day?: NumberRight;
  /** Sunday is 1. */
  weekDay?: NumberRight;
  /** Monday is 1. */
  isoWeekDay?: NumberRight;
  date?: PartRight<Temporal.PlainDate>;
}
interface ClockLookups {
  hour?: NumberRight;
  minute?: NumberRight;
  second?: NumberRight;
}
interface MomentLookups extends DayLookups, ClockLookups {
  time?: PartRight<Temporal.PlainTime>;
}
/** A day or a time of day: as the field's value, as a text, or of a moment in UTC. */
type PartRight<V> = V | string | Date | Computed | ValueQuery | Lookups<V> | Lookups<string>;

/** A JSON column: its value as `eq`, lookups, or keys that lead into it: `{ data: { size: { gte: 3 } } }`. */
export type JsonWhere<V> = V | Computed | Readonly<Record<string, unknown>>;

/** A query whose rows are single values, for `in`. */
export interface ValueQuery {
  compileSubQuery(compiler: any): unknown;
}

type ScalarWhere<V> = V | Lookups<V> | Computed | ValueQuery;
/** A field in a filter that reads its values from others too: a decimal from numbers, a day from texts. */
export type ReadableWhere<V, Read> = V | Read | (Comparisons<V | Read> & OwnLookups<NonNullable<V>>) | Computed | ValueQuery;
type RelationWhere<T, Null> =
  | T
  | KeyOf<T>
  | Null
  | Computed
  | ({ isNull?: boolean; in?: Iterable<T | KeyOf<T>> | ValueQuery } & Where<T>);
type MemberWhere<X> = X extends { readonly $value: infer V }
  ? X extends { readonly $where: infer W }
    ? W
    : ScalarWhere<V>
  : RelationWhere<RelationTargetOf<X>, NullableOne<X>>;

/** What `filter()` takes as an object: fields, relations, and fields of relations. */
export type Where<T> = IsAny<T> extends true ? AnyRecord : WhereOf<FieldsOf<T>>;
export type WhereOf<F> = { [K in keyof F]?: MemberWhere<F[K]> } & {
  [K in OneKeys<F> & string as `${K}Id`]?: ScalarWhere<RelationKey<F[K]>>;
} & {
  [K in KeyNames<F>]?: ScalarWhere<DeclaredKey<F>>;
};

/** A way to say which rows: an object, a `Q`, or a function of the row's expressions. */
export type ConditionOf<T, A = unknown> =
  | (Where<T> & AnnotationWhere<A> & NoFunction)
  | Q
  | Expression<boolean>
  | ((row: Refs<T> & AnnotationRefs<A>) => Expression<boolean>);
/** A function has no property that an object of lookups could not have, but for this one. */
type NoFunction = { readonly [Symbol.hasInstance]?: never };
type AnnotationWhere<A> = { [K in keyof A]?: A[K] | Lookups<A[K]> };
export type AnnotationRefs<A> = { [K in keyof A]: Expression<A[K]> };

/** A row's fields as expressions: `c => c.roaster.country`. */
export type Refs<T> = IsAny<T> extends true ? any : RefsOf<FieldsOf<T>>;
type RefsOf<F> = { [K in keyof F]: F[K] extends { readonly $value: infer V } ? Expression<V> : RelationRefs<F[K]> } & {
  [K in OneKeys<F> & string as `${K}Id`]: Expression<RelationKey<F[K]>>;
} & { [K in Exclude<KeyNames<F>, keyof F>]: Expression<DeclaredKey<F>> };
type RelationRefs<X> = RelationOf<X> extends ToOne ? Refs<RelationTargetOf<X>> : ManyRefs<RelationTargetOf<X>>;

/** A to-many relation in an expression: its aggregates, and those of its fields. */
export type ManyRefs<T> = {
  count(): Expression<number>;
  exists(): Condition;
  filter(condition: ConditionOf<T>): ManyRefs<T>;
  /** An aggregate of what is computed from the related rows: `o.lines.aggregate((line) => line.price.mul(line.count).sum())`. */
  aggregate<V>(make: (row: Refs<T>) => Expression<V>): Expression<V>;
} & (IsAny<T> extends true ? any : ManyFields<FieldsOf<T>>);
type ManyFields<F> = { [K in ScalarKeys<F>]: F[K] extends { readonly $value: infer V } ? ManyFieldRefs<V> : never } & {
  [K in OneKeys<F>]: ManyFields<FieldsOf<RelationTargetOf<F[K]>>>;
} & { [K in ManyKeys<F>]: ManyRefs<RelationTargetOf<F[K]>> } & {
  [K in OneKeys<F> as `${K}Id`]: ManyFieldRefs<RelationKey<F[K]>>;
} & { [K in Exclude<KeyNames<F>, keyof F>]: ManyFieldRefs<DeclaredKey<F>> };
export interface ManyFieldRefs<V> extends Pick<
  Expression<V>,
  "sum" | "avg" | "min" | "max" | "count" | "stdDev" | "variance" | "stringAgg" | "anyValue"
> {
  bitAnd<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>>;
  bitOr<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>>;
  bitXor<const O extends AggregateOptions = {}>(options?: O): Expression<NonNullable<V> | NoneOf<O>>;
  boolAnd<const O extends AggregateOptions = {}>(options?: O): Expression<boolean | NoneOf<O>>;
  boolOr<const O extends AggregateOptions = {}>(options?: O): Expression<boolean | NoneOf<O>>;
}

/** The values of annotations on a row. */
export type AnnotationValues<E> = { -readonly [K in keyof E]: E[K] extends { readonly $value: infer V } ? V : never };

/** Names of relations, for `with()`; paths over several are checked at run time. */
export type RelationName<T> =
  IsAny<T> extends true
    ? string
    : Extract<RelationKeys<FieldsOf<T>>, string> | `${Extract<RelationKeys<FieldsOf<T>>, string>}.${string}`;
type LoadedValue<X> = RelationOf<X> extends ToOne ? RelationTargetOf<X> | NullableOne<X> : RelationOf<X> extends ToMany ? LoadedMany<X> : RelationOf<X> extends { readonly $generic: infer M } ? M | null : AttributeOf<X>; // oxfmt-ignore
type LoadedMany<X> = AttributeOf<X> extends RelatedManager<infer R> ? RelatedManager<R> & LoadedRows<R> : Exclude<AttributeOf<X>, Pending<any>>; // oxfmt-ignore
type FirstName<N> = N extends `${infer F}.${string}` ? F : N;
/** A row whose named relations are loaded: `row.roaster` is a Roaster. */
export type Loaded<Row, T, N> =
  IsAny<T> extends true ? Row : Row & { [K in FirstName<N> & keyof FieldsOf<T>]: LoadedValue<FieldsOf<T>[K]> };

/** What `with({ … })` takes: a query for each relation, or `prefetch()` under a name of its own. */
export type PrefetchInput = Readonly<Record<string, PromiseLike<unknown[]> | Prefetch<any> | readonly PromiseLike<unknown[]>[]>>;
/** Every query stands under the name of a relation. */
export type CheckedPrefetch<T, E> = IsAny<T> extends true ? unknown : { [K in keyof E]: E[K] extends Prefetch<any> ? unknown : K extends RelationKeys<FieldsOf<T>> ? unknown : `"${K & string}" is not a relation: give prefetch("relation", query)` }; // oxfmt-ignore
type RelationKeys<F> = OneKeys<F> | ManyKeys<F> | GenericKeys<F>;
/** A row whose relations are loaded by queries of one's own. */
export type Prefetched<Row, T, E> = Row & { -readonly [K in keyof E]: E[K] extends Prefetch<infer R> ? R[] : E[K] extends PromiseLike<(infer R)[]> ? PrefetchedValue<K extends keyof FieldsOf<T> ? FieldsOf<T>[K] : never, R> : K extends keyof FieldsOf<T> ? LoadedValue<FieldsOf<T>[K]> : unknown }; // oxfmt-ignore
type PrefetchedValue<X, R> = RelationOf<X> extends ToOne ? R | null : LoadedRows<R>;

/** Names of values: of columns, of relations' keys, and of annotations. */
export type ValueName<T, A> = IsAny<T> extends true ? string : ValueNames<FieldsOf<T>> | Extract<keyof A, string>;
type ValueNames<F> = F extends unknown ? Extract<ScalarKeys<F> | OneKeys<F>, string> | `${OneKeys<F>}Id` | `${OneKeys<F>}.${string}` | KeyNames<F> : never; // oxfmt-ignore
/** The value that a name of `values()` gives. */
export type ValueAt<T, A, N> = IsAny<T> extends true ? any : N extends keyof A ? A[N] : ValueOf<FieldsOf<T>, N>;
type ValueOf<F, N> = N extends "pk" ? DeclaredKey<F> : N extends keyof F ? (F[N] extends { readonly $value: infer V } ? V : RelationKey<F[N]>) : N extends "id" ? DeclaredKey<F> : N extends `${infer R}Id` ? (R extends keyof F ? RelationKey<F[R]> : unknown) : unknown; // oxfmt-ignore

/** A term of an ordering: `"-price"`, `"roaster.name"`, `"?"` for random. */
export type OrderTerm<T, A = unknown> =
  IsAny<T> extends true
    ? any
    : Signed<ValueName<T, A>> | "?" | ((row: Refs<T> & AnnotationRefs<A>) => { readonly descending: boolean });
type Signed<N extends string> = N | `-${N}`;
