import { getModel, type ModelClass } from "#orm";

/** The model of a key such as `shop.Coffee`; undefined where the project no longer has it. */
export function knownModel(key: string): ModelClass | undefined {
  try {
    return getModel(key);
  } catch {
    return undefined;
  }
}
