import { servingErrors } from "../errors.ts";
import type { ModelServer } from "./model-server.ts";

/** The servers that run, in the order of their start. */
const running: ModelServer[] = [];

/** Makes `server` the one that `handler.predict()` asks, until it is taken away. One project is open in a process at a time. */
export function setCurrentModelServer(server: ModelServer): void {
  running.push(server);
}

/** Takes `server` away; the one that was asked before it is asked again. */
export function unsetCurrentModelServer(server: ModelServer): void {
  const at = running.lastIndexOf(server);
  if (at >= 0) running.splice(at, 1);
}

/** The model server of the open project. @throws SERVING_NOT_STARTED */
export function currentModelServer(model: string): ModelServer {
  const current = running.at(-1);
  if (current === undefined) throw servingErrors.SERVING_NOT_STARTED({ model });
  return current;
}
