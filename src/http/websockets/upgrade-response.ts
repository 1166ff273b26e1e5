import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyReply } from "fastify";
import { type WebSocket, WebSocketServer } from "ws";
import type { HttpRequest } from "../request.ts";
import { HttpResponse } from "../response.ts";
import { gotRequestException } from "../signals.ts";
import { Socket } from "./socket.ts";
import type { WebSocketOptions } from "./web-socket-view.ts";

/** The connection of a request that wants to be a WebSocket. */
export interface Upgrade {
  socket: Duplex;
  /** What the client sent already. */
  head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

export function rememberUpgrade(raw: IncomingMessage, upgrade: Upgrade): void {
  upgrades.set(raw, upgrade);
}

export function upgradeOf(raw: IncomingMessage): Upgrade | undefined {
  return upgrades.get(raw);
}

interface UpgradeParts {
  request: HttpRequest;
  upgrade: Upgrade;
  options: WebSocketOptions;
  run: (socket: Socket) => Promise<void> | void;
}

/** Headers that `ws` writes by itself, or that a handshake does not have. */
const notInHandshake = new Set(["connection", "upgrade", "content-length", "content-type", "transfer-encoding"]);
/** Milliseconds that a client has to answer the end of a connection. */
const farewell = 2000;

/** The answer that makes a WebSocket of a connection, when every middleware has had its turn. */
export class UpgradeResponse extends HttpResponse {
  readonly #parts: UpgradeParts;

  constructor(parts: UpgradeParts) {
    super(null, { status: 101 });
    this.#parts = parts;
  }

  override takeOver(reply: FastifyReply): void {
    const { request, upgrade, options } = this.#parts;
    const { maxMessage = 1_000_000, protocols = [] } = options;
    reply.hijack();
    reply.raw.detachSocket(upgrade.socket as never);
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      maxPayload: maxMessage,
      perMessageDeflate: false,
      handleProtocols: (asked) => protocols.find((protocol) => asked.has(protocol)) ?? false,
    });
    server.on("headers", (lines) => lines.push(...linesOf(reply)));
    server.handleUpgrade(request.raw, upgrade.socket, upgrade.head, (raw) => {
      raw.once("close", () => reply.raw.emit("close"));
      void this.#serve(raw);
    });
  }

  async #serve(raw: WebSocket): Promise<void> {
    const { request, options, run } = this.#parts;
    const { maxBuffered = 8_000_000, heartbeat = 30 } = options;
    // What the client does wrong, such as a message that is too large, ends the connection by itself.
    raw.on("error", (error) => request.log.warn({ err: error }, "A WebSocket failed."));
    const stopBeating = keepAlive(raw, heartbeat * 1000);
    const leave = (): void => end(raw, 1001, "the server is closing");
    request.closing.addEventListener("abort", leave);
    if (request.closing.aborted) leave();
    try {
      await run(new Socket(raw, maxBuffered));
      end(raw, 1000);
    } catch (error) {
      request.log.error({ err: error }, "A WebSocket's view failed.");
      end(raw, 1011, "something went wrong");
      if (!gotRequestException.isIdle) await gotRequestException.sendRobust(this, { request, error });
    } finally {
      if (raw.readyState === raw.CLOSED) stop();
      else raw.once("close", stop);
    }
    function stop(): void {
      stopBeating();
      request.closing.removeEventListener("abort", leave);
    }
  }
}

/** The headers that the answer has by now — its cookies, those of security — as lines of the handshake. */
function linesOf(reply: FastifyReply): string[] {
  return Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    notInHandshake.has(name) || value === undefined ? [] : [value].flat().map((each) => `${name}: ${String(each)}`),
  );
}

/** Says goodbye, and hangs up on who does not answer. */
function end(raw: WebSocket, code: number, reason = ""): void {
  if (raw.readyState === raw.CLOSED) return;
  // A paused connection would not read the client's goodbye.
  raw.resume();
  raw.close(code, reason);
  const timer = setTimeout(() => raw.terminate(), farewell).unref();
  raw.once("close", () => clearTimeout(timer));
}

/** Asks the client for a sign of life, and hangs up where none came since the last time. */
function keepAlive(raw: WebSocket, every: number): () => void {
  let isAlive = true;
  raw.on("pong", () => (isAlive = true));
  const timer = setInterval(() => {
    // Who is told to hold back cannot answer.
    if (!isAlive && !raw.isPaused) return raw.terminate();
    isAlive = false;
    raw.ping();
  }, every).unref();
  return () => clearInterval(timer);
}
