import { type InstanceState, stateOf } from "./instance-state.ts";
import type { ModelClass } from "../model-class.ts";
import type { ModelMeta } from "../meta.ts";

/** A row as code that knows no model in particular sees it. */
export interface AnyRow {
  [name: string]: any;
  [stateOf]: InstanceState;
}

/** Whether a value is a row of some model. */
export function isRow(value: unknown): value is AnyRow {
  return typeof value === "object" && value !== null && stateOf in value;
}

/** What is known of a row's model. */
export function metaOf(row: object): ModelMeta {
  return (row.constructor as unknown as ModelClass).meta;
}
