import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/**
 * Reads lines of JSON from a socket. A line that is none is one that was cut off: the other side has ended in the middle of it.
 * Errors of the socket are the reader's too, until the other side has said its last word, and the socket's alone after that.
 */
export function readLines(socket: Socket, take: (value: unknown) => void): void {
  const lines = createInterface({ input: socket });
  lines.on("error", () => {});
  socket.on("error", () => socket.destroy());
  lines.on("line", (line) => {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      socket.destroy();
      return;
    }
    take(value);
  });
}
