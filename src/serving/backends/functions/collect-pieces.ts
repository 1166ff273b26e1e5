import { servingErrors } from "../../errors.ts";
import type { Handler } from "../../handlers/handler.ts";

/** One answer made of the pieces of a stream: by the handler's `collect`, or strings joined. @throws SERVING_BAD_OUTPUT */
export function collectPieces(handler: Handler, item: unknown, pieces: unknown[]): unknown {
  const { collect } = handler.options;
  if (collect) return collect(pieces, item);
  if (pieces.every((piece) => typeof piece === "string")) return pieces.join("");
  const problem = "gave pieces that are not strings, and no collect makes one answer of them";
  throw servingErrors.SERVING_BAD_OUTPUT({ model: handler.name, step: "stream", problem });
}
