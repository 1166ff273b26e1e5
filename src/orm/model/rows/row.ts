import type { InstanceState, stateOf } from "./instance-state.ts";
import type { ModelClass } from "../model-class.ts";
import type { ModelMeta } from "../meta.ts";

/** A row as code that knows no model in particular sees it. */
export interface AnyRow {
  [name: string]: any;
  [stateOf]: InstanceState;
}

/** What is known of a row's model. */
export function metaOf(row: object): ModelMeta {
  return (row.constructor as unknown as ModelClass).meta;
}
