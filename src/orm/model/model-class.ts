import type { Manager } from "../query/manager.ts";
import type { DoesNotExist, MultipleObjectsReturned, NotUpdated } from "./query-errors.ts";
import type { ModelMeta } from "./meta.ts";

/** The class side of a model; `T` is a row of it. `ModelClass<any>` for callers that know no model in particular. */
export interface ModelClass<T = any> {
  new (values?: any): T;
  readonly prototype: T;
  readonly meta: ModelMeta;
  readonly objects: Manager<T>;
  readonly DoesNotExist: typeof DoesNotExist;
  readonly MultipleObjectsReturned: typeof MultipleObjectsReturned;
  readonly NotUpdated: typeof NotUpdated;
}

/** Marks model classes, so that they are known without importing what makes them. */
export const modelMark: unique symbol = Symbol.for("cortado.model");

/** Whether a value is a model class: `isModelClass(Coffee)`. An abstract base has no table and is none. */
export function isModelClass(value: unknown): value is ModelClass {
  return typeof value === "function" && (value as { [modelMark]?: boolean })[modelMark] === true;
}

/** Whether a class comes from `Model()`, be it abstract. */
export function isModelBase(value: unknown): value is ModelClass {
  return typeof value === "function" && (value as { [modelMark]?: boolean })[modelMark] !== undefined;
}
