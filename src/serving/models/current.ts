import { servingErrors } from "../errors.ts";
import type { ModelServer } from "./model-server.ts";

let current: ModelServer | undefined;

/** Makes `server` the one that `handler.predict()` asks. One project is open in a process at a time. */
export function setCurrentModelServer(server: ModelServer): void {
  current = server;
}

/** Takes `server` away, if it is the one that is asked. */
export function unsetCurrentModelServer(server: ModelServer): void {
  if (current === server) current = undefined;
}

/** The model server of the open project. @throws SERVING_NOT_STARTED */
export function currentModelServer(model: string): ModelServer {
  if (current === undefined) throw servingErrors.SERVING_NOT_STARTED({ model });
  return current;
}
