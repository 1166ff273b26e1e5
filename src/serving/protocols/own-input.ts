import type { ModelGlance } from "../models/model-info.ts";

/** True for a handler that reads items by its own code, which gets numbers as JavaScript has them. */
export function hasOwnInput({ handler }: ModelGlance): boolean {
  return handler?.options.input !== undefined || handler?.options.inference !== undefined;
}
