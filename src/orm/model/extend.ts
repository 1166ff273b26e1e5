import { ormErrors } from "../errors.ts";
import { Instance } from "./rows/instance.ts";
import type { FieldsOf, KeyName } from "../query/typing.ts";
import { defineModel } from "./define-model.ts";
import { isModelBase, type ModelClass } from "./model-class.ts";
import { type DeclaredField, type ModelBase, refuseNotFields } from "./model.ts";
import type { ModelOptions } from "./model-options.ts";

/** A class that other models can come from. */
interface Extensible {
  readonly prototype: any;
  readonly fields: Readonly<Record<string, unknown>>;
}

type RowIn<B> = B extends { readonly prototype: infer T } ? T : never;

/** The declarations of `A`, and of `B` what `A` does not declare. */
type Over<A, B> = [keyof A & keyof B] extends [never] ? A & B : A & Omit<B, keyof A>;
/** Without what is declared as null. */
type Kept<F> = { [K in keyof F as F[K] extends null ? never : K]: F[K] };
type NamesOfNull<F> = { [K in keyof F]: F[K] extends null ? K : never }[keyof F];
type Extended<F, Base> = [NamesOfNull<F>] extends [never] ? Over<F, Base> : Kept<F> & Omit<Base, keyof F>;

/** The rows of a base as part of a child's: whole, or, where the child declares anew what the base has, the methods alone. */
type Inherited<F, T> = [keyof F & keyof FieldsOf<T>] extends [never] ? ([KeyName<F>] extends [never] ? T : MethodsOf<T>) : MethodsOf<T>; // oxfmt-ignore
type MethodsOf<T> = Omit<T, keyof InstanceType<ModelBase<FieldsOf<T>>>>;

type FieldsOfAll<Bases> = Bases extends readonly [infer First, ...infer Rest] ? Over<FieldsOf<RowIn<First>>, FieldsOfAll<Rest>> : {}; // oxfmt-ignore
type RowsOfAll<F, Bases> = Bases extends readonly [infer First, ...infer Rest] ? Inherited<F, RowIn<First>> & RowsOfAll<F & FieldsOf<RowIn<First>>, Rest> : unknown; // oxfmt-ignore

type FieldsOfBase<B> = B extends readonly unknown[] ? FieldsOfAll<B> : FieldsOf<RowIn<B>>;
type RowsOfBase<F, B> = B extends readonly unknown[] ? RowsOfAll<F, B> : Inherited<F, RowIn<B>>;

/** What `extend()` gives. */
export type ExtendedModel<F, BaseFields, T> = ModelBase<Extended<F, BaseFields>, T>;

/** What the compiler says of anything that a child cannot declare. */
type NotDeclared =
  "This is not a field: use char({ … }), integer(), null for a field to do without. Relations are functions: roaster: () => foreignKey(Roaster, { … })";

/**
 * The base of a model that has what another has, and more. From an abstract base it gets copies of the fields; from a
 * model with a table it becomes a child: its own columns are in a table of its own, whose key leads to the parent's
 * row. Queries read both tables, `save()` writes both, and every child is a row of the parent too.
 *
 * ```ts
 * class Timed extends Model({ added: dateTime({ autoNowAdd: true }) }, { abstract: true }) {}
 * export class Place extends extend(Timed, { name: char({ maxLength: 50 }) }) { static objects = manager(this); }
 * export class Restaurant extends extend(Place, { servesPizza: boolean({ default: false }) }) {
 *   static objects = manager(this);
 * }
 * ```
 *
 * Several abstract bases are a list: `extend([Timed, Named], { … })`; where two have the same name, the first counts.
 * Of an abstract base a field can be declared anew, or left out: `extend(Timed, { added: null })`.
 * @throws ORM_BAD_BASE, and what `Model()` throws
 */
export function extend<
  const B extends Extensible | readonly Extensible[],
  F extends Record<string, DeclaredField | Function | null | NotDeclared> = {},
>(base: B, fields?: F, options?: ModelOptions): ExtendedModel<F, FieldsOfBase<B>, RowsOfBase<F, B>>;
export function extend(
  given: Extensible | readonly Extensible[],
  fields: Readonly<Record<string, unknown>> = {},
  options: ModelOptions = {},
): ModelBase<any, any> {
  const bases = (Array.isArray(given) ? given : [given]) as readonly (ModelClass & Extensible)[];
  for (const base of bases)
    if (!isModelBase(base)) throw ormErrors.ORM_BAD_BASE({ reason: `extend() was given ${String(base)}` });
  const abstract = bases.filter((base) => base.meta.options.abstract === true);
  const [parent, second] = bases.filter((base) => base.meta.options.abstract !== true);
  if (second !== undefined)
    throw ormErrors.ORM_BAD_BASE({ reason: `extend() was given two models with tables, ${parent!.name} and ${second.name}` });
  const declared = Object.assign({}, ...abstract.map((base) => base.fields).reverse(), fields) as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(declared).filter(([, value]) => value !== null));
  refuseNotFields(own);
  const base = parent ?? abstract[0]!;
  const model = defineModel(own, inheritedOptions(abstract, parent, options), { base, parent: parent?.meta.concrete });
  for (const other of bases) if (other !== base) copyMethods(other.prototype as object, model.prototype as object);
  return model as unknown as ModelBase<any, any>;
}

/** Methods of the other bases, where no nearer class has its own. */
function copyMethods(from: object, to: object): void {
  for (let at = from; at !== Instance.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [name, method] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      const isFree =
        !(name in to) || (to as Record<string, unknown>)[name] === (Instance.prototype as Record<string, unknown>)[name];
      if (name !== "constructor" && isFree) Object.defineProperty(to, name, method);
    }
  }
}

/** Abstract bases give all their options; a parent with a table only how its rows are ordered and joined. */
function inheritedOptions(abstract: readonly ModelClass[], parent: ModelClass | undefined, options: ModelOptions): ModelOptions {
  const { ordering, getLatestBy, load } = parent?.meta.options ?? {};
  const all = Object.assign(
    { ...(ordering && { ordering }), ...(getLatestBy && { getLatestBy }), ...(load && { load }) },
    ...abstract.map((base) => base.meta.options).reverse(),
    { abstract: undefined },
    options,
  ) as ModelOptions;
  return parent === undefined ? all : withBases(all, [parent]);
}

/** The options, which say the keys of the bases; those are known once the models are registered. */
function withBases(options: ModelOptions, bases: readonly ModelClass[]): ModelOptions {
  return Object.defineProperty(options, "bases", {
    configurable: true,
    enumerable: true,
    get: () => bases.map((base) => base.meta.key),
  });
}

/**
 * The base of a model that shares another's table: the same rows, with other methods, managers, ordering or rights.
 *
 * ```ts
 * export class CheapCoffee extends proxy(Coffee, { ordering: ["price"] }) {
 *   static objects = manager(this);
 *   label() { return `${this.name}!`; }
 * }
 * ```
 * @throws ORM_BAD_BASE
 */
export function proxy<B extends Extensible>(base: B, options: ModelOptions = {}): ModelBase<FieldsOf<RowIn<B>>, RowIn<B>> {
  const model = base as unknown as ModelClass;
  if (!isModelBase(model) || model.meta.options.abstract === true)
    throw ormErrors.ORM_BAD_BASE({
      reason: `proxy() was given ${(model as { name?: string }).name || String(base)}, which has no table`,
    });
  const { ordering, getLatestBy, load, dbTable, managed } = model.meta.options;
  const kept = Object.entries({ ordering, getLatestBy, load, dbTable, managed }).filter(([, value]) => value !== undefined);
  const all = { ...Object.fromEntries(kept), ...options, proxy: true };
  return defineModel({}, withBases(all, [model]), { base: model, proxyFor: model }) as unknown as ModelBase<any, any>;
}
