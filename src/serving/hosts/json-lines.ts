import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/** Reads lines of JSON from a socket. A line that is none is one that was cut off: the other side has ended in the middle of it. */
export function readLines(socket: Socket, take: (value: unknown) => void): void {
  createInterface({ input: socket }).on("line", (line) => {
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
