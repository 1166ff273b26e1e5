import { type EventEmitter, once } from "node:events";
import { WebSocket } from "ws";
import { testingErrors } from "./errors.ts";

/**
 * A visitor's end of a WebSocket: what is commonly used of the package `ws`, whose types a project need not have.
 *
 * ```ts
 * const visitor = await site.webSocket("/chat/tea/");
 * visitor.once("message", (bytes) => console.log(String(bytes)));
 * visitor.send("hello");
 * ```
 */
export interface TestSocket extends EventEmitter {
  /** 1 where it is open, 3 where it is closed. */
  readonly readyState: number;
  readonly protocol: string;
  send(message: string | Uint8Array): void;
  ping(): void;
  pause(): void;
  resume(): void;
  close(code?: number, reason?: string): void;
  /** Ends the connection without a word. */
  terminate(): void;
}

/** Opens a WebSocket, as a browser at this address would. @throws TESTING_SOCKET_REFUSED */
export async function openSocket(address: string, path: string, cookie: string | undefined): Promise<TestSocket> {
  const headers = { host: "localhost", ...(cookie && { cookie }) };
  const socket = new WebSocket(new URL(path, address).href.replace("http", "ws"), { headers, origin: "http://localhost" });
  const refused = once(socket, "unexpected-response").then(([, answer]) => {
    socket.terminate();
    throw testingErrors.TESTING_SOCKET_REFUSED({ path, status: (answer as { statusCode: number }).statusCode });
  });
  // Told by the race below; a socket that is terminated says so once more.
  refused.catch(() => {});
  socket.on("error", () => {});
  // What the server says at once waits for the test to listen.
  socket.once("open", () => {
    socket.pause();
    setImmediate(() => socket.resume());
  });
  await Promise.race([once(socket, "open"), refused]);
  return socket;
}
