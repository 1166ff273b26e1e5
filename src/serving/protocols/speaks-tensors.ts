import type { ModelGlance } from "../models/model-info.ts";

/** Whether a model answers the protocols that speak tensors: it has tensors, and its handler does not hide them. */
export function speaksTensors({ handler }: Pick<ModelGlance, "handler">): boolean {
  return handler?.options.expose?.tensors !== false && handler?.options.inference === undefined;
}
