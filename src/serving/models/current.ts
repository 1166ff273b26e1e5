import { servingErrors } from "../errors.ts";
import type { ModelServer } from "./model-server.ts";

let current: ModelServer | undefined;

/** Makes `server` the one that `handler.predict()` asks; undefined takes it away. One project is open in a process at a time. */
export function setCurrentModelServer(server: ModelServer | undefined): void {
  current = server;
}

/** The model server of the open project. @throws SERVING_NOT_STARTED */
export function currentModelServer(model: string): ModelServer {
  if (current === undefined) throw servingErrors.SERVING_NOT_STARTED({ model });
  return current;
}
