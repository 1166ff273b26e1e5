import { type IncomingMessage, type Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { UrlPattern } from "../urls/path.ts";
import { walkUrls } from "../urls/walk-urls.ts";
import { viewMarks } from "../view.ts";
import { rememberUpgrade } from "./upgrade-response.ts";

/** Node asks it, from 24.9 on, whether a request is an upgrade at all. */
type UpgradingServer = Server & { shouldUpgradeCallback?: (request: IncomingMessage) => boolean };

const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === "websocket";

/**
 * Lets requests that want to be WebSockets go the way of every other, where the project has addresses for them. A server
 * without such addresses is left as it is.
 */
export function acceptUpgrades(server: FastifyInstance, urls: readonly UrlPattern[]): void {
  const speaks = [...walkUrls(urls)].some(({ patterns }) => viewMarks(patterns.at(-1)!.view!).webSocket === true);
  if (!speaks) return;
  const http = server.server as UpgradingServer;
  http.shouldUpgradeCallback = isWebSocket;
  http.on("upgrade", (raw: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (!isWebSocket(raw) || raw.method !== "GET")
      return void socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    rememberUpgrade(raw, { socket, head });
    const response = new ServerResponse(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as never);
    // Where it was refused, the answer is the connection's last.
    response.once("finish", () => socket.end());
    server.routing(raw, response);
  });
}
