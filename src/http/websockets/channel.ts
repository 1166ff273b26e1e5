import type { Socket } from "./socket.ts";

/**
 * Sockets of this process that hear the same: a room. Those that are closed leave by themselves.
 *
 * ```ts
 * const room = new Channel();
 * room.add(socket);
 * room.send({ from: request.user.username, text });
 * ```
 */
export class Channel {
  readonly #sockets = new Set<Socket>();

  get size(): number {
    return this.#sockets.size;
  }

  add(socket: Socket): void {
    if (!socket.isOpen) return;
    this.#sockets.add(socket);
    socket.signal.addEventListener("abort", () => this.remove(socket), { once: true });
  }

  remove(socket: Socket): void {
    this.#sockets.delete(socket);
  }

  /** Sends to all, but for one where it is named. An object is made JSON once. */
  send(message: string | Uint8Array | object, { except }: { except?: Socket } = {}): void {
    const data = typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message);
    for (const socket of this.#sockets) if (socket !== except) void socket.send(data);
  }
}
