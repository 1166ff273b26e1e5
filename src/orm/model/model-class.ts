import type { Manager } from "../query/manager.ts";
import type { DoesNotExist, MultipleObjectsReturned } from "./query-errors.ts";
import type { ModelMeta } from "./meta.ts";

/** The class side of a model; `T` is a row of it. `ModelClass<any>` for callers that know no model in particular. */
export interface ModelClass<T = any> {
  new (values?: any): T;
  readonly prototype: T;
  readonly meta: ModelMeta;
  readonly objects: Manager<T>;
  readonly DoesNotExist: typeof DoesNotExist;
  readonly MultipleObjectsReturned: typeof MultipleObjectsReturned;
}

/** Marks model classes, so that they are known without importing what makes them. */
export const modelMark: unique symbol = Symbol.for("cortado.model");

/** Whether a value is a model class. */
export function isModelClass(value: unknown): value is ModelClass {
  return typeof value === "function" && (value as { [modelMark]?: true })[modelMark] === true;
}
