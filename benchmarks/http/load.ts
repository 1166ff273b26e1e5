import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What is asked of a server, again and again. */
export interface Load {
  path: string;
  /** How many clients ask at once, each over a connection of its own; 32 by default. */
  clients?: number;
  method?: string;
  body?: string;
  headers?: Record<string, string>;
}

const headEnd = "\r\n\r\n";

/**
 * Lets the clients ask for so many seconds, each again as soon as it is answered, and times the answers. They are plain
 * sockets that look at a status line and a content length and at nothing else: what a client costs is taken from the server
 * where they share a machine.
 * @throws for an answer that is not 200
 */
export async function sendLoad(port: number, load: Load, seconds: number): Promise<{ times: number[]; seconds: number }> {
  const request = requestText(port, load);
  const sockets = await Promise.all(Array.from({ length: load.clients ?? 32 }, () => openSocket(port)));
  const started = performance.now();
  const times = await Promise.all(sockets.map((socket) => askUntil(socket, request, started + seconds * 1000)));
  const spent = (performance.now() - started) / 1000;
  for (const socket of sockets) socket.destroy();
  return { times: times.flat(), seconds: spent };
}

function requestText(port: number, { path, method = "GET", body, headers }: Load): Buffer {
  const all: Record<string, string> = { host: `127.0.0.1:${port}`, ...headers };
  if (body !== undefined) all["content-length"] = String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`);
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** The milliseconds that each answer took. */
async function askUntil(socket: Socket, request: Buffer, end: number): Promise<number[]> {
  const times: number[] = [];
  for (let now = performance.now(); now < end;) {
    const asked = now;
    await ask(socket, request);
    now = performance.now();
    times.push(now - asked);
  }
  return times;
}

/** Sends the request and waits for the last byte of its answer. */
function ask(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let received: Buffer | undefined;
    let wanted = 0;
    const finish = (error?: Error) => {
      socket.off("data", read).off("close", closed);
      if (error) reject(error);
      else resolve();
    };
    const closed = () => finish(new Error("the server closed the connection"));
    const read = (chunk: Buffer) => {
      received = received === undefined ? chunk : Buffer.concat([received, chunk]);
      if (wanted === 0) {
        const at = received.indexOf(headEnd);
        if (at < 0) return;
        const head = received.toString("latin1", 0, at);
        const length = /^content-length: *(\d+)/im.exec(head)?.[1];
        if (!head.startsWith("HTTP/1.1 200 ") || length === undefined)
          return finish(new Error(`an answer began with ${head.slice(0, 60)}`));
        wanted = at + headEnd.length + Number(length);
      }
      if (received.length >= wanted) finish();
    };
    socket.on("data", read).on("close", closed);
    socket.write(request);
  });
}
