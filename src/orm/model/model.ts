import type {
  fieldsOf,
  DeclaredKey,
  ImplicitKey,
  InstanceValues,
  RelationKey,
  RelationNames,
  rowMark,
  AttributeOf,
  WhereOf,
} from "../query/typing.ts";
import { ormErrors } from "../errors.ts";
import { Field } from "../fields/field.ts";
import { defineModel } from "./define-model.ts";
import type { CleanOptions } from "./validation/full-clean.ts";
import type { ModelMeta } from "./meta.ts";
import type { ModelOptions } from "./model-options.ts";
import type { RefreshOptions } from "./rows/refresh-instance.ts";
import type { SaveOptions } from "./saving/save-instance.ts";
import type { DoesNotExist, MultipleObjectsReturned, NotUpdated } from "./query-errors.ts";

/** What every row can do, whatever its model. */
export interface RowMethods<F> {
  /** Type only: the declaration behind the row. */
  readonly [fieldsOf]: F;
  readonly [rowMark]: true;
  /** The primary key's value, whatever its field is called. */
  pk: DeclaredKey<F>;
  /** Inserts the row, or updates what changed. @throws ORM_INTEGRITY */
  save(options?: SaveOptions): Promise<void>;
  /** Deletes the row and what depends on it; gives how many rows went. @throws ORM_PROTECTED */
  delete(): Promise<number>;
  /** Reads the row again. @throws the model's DoesNotExist */
  refresh(options?: RefreshOptions): Promise<void>;
  /** Whether another row is the same row: of the same table, with the same key. A row without a key is only itself. */
  equals(other: unknown): boolean;
  /** Validates every field, then `clean()` where the model has one, then uniqueness. @throws ValidationError with `byField` */
  fullClean(options?: { exclude?: readonly string[] }): Promise<void>;
  /** Converts and validates each field by itself. @throws ValidationError with `byField` */
  cleanFields(options?: CleanOptions): Promise<void>;
  /** Whether the values of unique fields are taken. @throws ValidationError with `byField` */
  validateUnique(options?: CleanOptions): Promise<void>;
  /** Whether the model's constraints hold. @throws ValidationError with `byField` */
  validateConstraints(options?: CleanOptions): Promise<void>;
  /** What people see for a field's value, the label of its choice: `roaster.getDisplay("country")`. */
  getDisplay(name: Extract<keyof F, string>): string;
  /** The next row by a date, among those that a filter finds: `await coffee.getNextBy("added")`. @throws the model's DoesNotExist */
  getNextBy(name: Extract<keyof F, string>, among?: WhereOf<F>): Promise<this>;
  /** The row before by a date. @throws the model's DoesNotExist */
  getPreviousBy(name: Extract<keyof F, string>, among?: WhereOf<F>): Promise<this>;
  /** Chosen fields as JSON values: `coffee.pick("id", "name")`. */
  pick<N extends Extract<keyof F, string> | "id" | "pk">(...names: N[]): { [K in N]: unknown };
  toString(): string;
}

/** A row of a model with these fields. */
export type Row<F> = { -readonly [K in keyof F]: AttributeOf<F[K]> } & {
  -readonly [K in RelationNames<F> as `${K}Id`]: RelationKey<F[K]>;
} & ImplicitKey<F> &
  RowMethods<F>;

/** The class that a model extends; `T` is what its rows have beside their own fields. */
export interface ModelBase<F, T = unknown> {
  new (values?: InstanceValues<F>): Row<F> & T;
  readonly fields: F;
  readonly meta: ModelMeta;
  /** Thrown by `get()` when no row matches. */
  readonly DoesNotExist: typeof DoesNotExist;
  /** Thrown by `get()` when several rows match. */
  readonly MultipleObjectsReturned: typeof MultipleObjectsReturned;
  /** Thrown by `save()` when its row is gone. */
  readonly NotUpdated: typeof NotUpdated;
}

/** A field of a declaration. */
export interface DeclaredField {
  readonly $value: unknown;
  readonly $one?: never;
  readonly $many?: never;
}
/** What the compiler says of anything that is neither a field nor a function that gives a relation. */
type NotDeclared =
  "This is not a field: use char({ … }), integer(), … Relations are functions: roaster: () => foreignKey(Roaster, { … })";

/**
 * The base of a model: its fields by name, and its options. Relations are functions, so that models may
 * refer to each other; the app that lists the class names it and its table.
 *
 * ```ts
 * export class Coffee extends Model({
 *   name: char({ maxLength: 30 }),
 *   price: integer({ default: 0 }),
 *   roaster: () => foreignKey(Roaster, { onDelete: "protect" }),
 * }, { ordering: ["name"] }) {
 *   static objects = manager(this);
 *   override toString() { return this.name; }
 * }
 * ```
 * @throws ORM_RELATION_NOT_THUNK, ORM_NOT_A_FIELD, ORM_RESERVED_FIELD_NAME, ORM_BAD_FIELD_NAME
 */
export function Model<F extends Record<string, DeclaredField | Function | NotDeclared>>(
  fields: F,
  options: ModelOptions = {},
): ModelBase<F> {
  refuseNotFields(fields);
  return defineModel(fields, options) as unknown as ModelBase<F>;
}

/** Refuses what is not a field, and relations that are not functions. */
export function refuseNotFields(fields: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "function") continue;
    if (!(value instanceof Field)) throw ormErrors.ORM_NOT_A_FIELD({ field: name, given: String(value) });
    if (["foreignKey", "oneToOne", "manyToMany"].includes(value.kind))
      throw ormErrors.ORM_RELATION_NOT_THUNK({ field: name, kind: value.kind });
  }
}
