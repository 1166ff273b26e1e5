import type { ModelClass } from "../model/model-class.ts";
import { postInit, preInit } from "./model-signals.ts";

/** Whether anyone wants to know of new instances. */
export function initIsIdle(): boolean {
  return preInit.isIdle && postInit.isIdle;
}

/** Does `make`, which sets an instance's values, between the two signals. */
export function tellingInit<T extends object>(
  model: ModelClass,
  values: Readonly<Record<string, unknown>> | undefined,
  make: () => T,
): T {
  preInit.sendNow(model, { values });
  const instance = make();
  postInit.sendNow(model, { instance });
  return instance;
}
