import type { ModelGlance } from "../models/model-info.ts";

/** Whether a model answers the protocols that speak tensors: its handler may hide it from them. */
export function speaksTensors({ handler }: Pick<ModelGlance, "handler">): boolean {
  return handler?.options.expose?.tensors !== false;
}
