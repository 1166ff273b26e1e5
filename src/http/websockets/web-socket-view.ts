import { isTrustedOrigin } from "../csrf.ts";
import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import type { HttpRequest } from "../request.ts";
import { type View, wrapView } from "../view.ts";
import type { Socket } from "./socket.ts";
import { upgradeOf, UpgradeResponse } from "./upgrade-response.ts";

/** What a WebSocket's address does: the connection is over when it returns. */
export type SocketHandler<P = any> = (socket: Socket, request: HttpRequest, params: P) => Promise<void> | void;

/** What a WebSocket takes of its client. */
export interface WebSocketOptions {
  /** The largest message of a client, in bytes: 1 MB. A larger one ends the connection (1009). */
  maxMessage?: number | undefined;
  /** What may wait for a slow client, in bytes: 8 MB. */
  maxBuffered?: number | undefined;
  /** Seconds between two signs of life that are asked of the client: 30. Where none comes, the connection is over. */
  heartbeat?: number | undefined;
  /** The protocols that are spoken here, the best first. */
  protocols?: readonly string[] | undefined;
}

/**
 * A view that speaks WebSocket. The request goes the way of every other: host, session, user, middleware and decorators of the
 * view come first, and may refuse it with an answer. A page of another site is refused (403).
 *
 * ```ts
 * path("chat/<slug:room>/", webSocketView(async (socket, request, { room }: { room: string }) => {
 *   for await (const message of socket) await socket.send(`${room}: ${message}`);
 * }));
 * ```
 * @throws HttpError 403, 426
 */
export function webSocketView<P>(handler: SocketHandler<P>, options: WebSocketOptions = {}): View<P> {
  const view: View<P> = (request, params) => {
    const upgrade = upgradeOf(request.raw);
    if (upgrade === undefined) {
      const headers = { upgrade: "websocket", connection: "Upgrade" };
      throw HttpError.from(426, httpErrors.HTTP_UPGRADE_REQUIRED({ path: request.path }), headers);
    }
    refuseForeignOrigin(request);
    return new UpgradeResponse({ request, upgrade, options, run: (socket) => handler(socket, request, params) });
  };
  const named = Object.defineProperty(view, "name", { value: handler.name || "webSocket" });
  return wrapView(named, named, { webSocket: true });
}

/** Browsers send cookies along to any WebSocket, but they name the page's origin; programs that name none keep no cookies of others. */
function refuseForeignOrigin(request: HttpRequest): void {
  const { origin } = request.headers;
  if (origin === undefined || isTrustedOrigin(request, origin, request.services.settings.security?.trustedOrigins ?? [])) return;
  throw HttpError.from(403, httpErrors.HTTP_FOREIGN_ORIGIN({ origin }));
}
