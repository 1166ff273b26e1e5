import type { RawData, WebSocket } from "ws";

/** A message: text, or bytes. */
export type SocketMessage = string | Buffer;

/** How many messages may wait for their reader before the client is told to hold back. */
const mostWaiting = 32;

/**
 * The server's end of a WebSocket. Going through it gives the client's messages, and ends when it is closed; a client that
 * sends faster than they are read is slowed down.
 *
 * ```ts
 * for await (const message of socket) await socket.send(`you said ${message}`);
 * ```
 */
export class Socket implements AsyncIterable<SocketMessage> {
  readonly #raw: WebSocket;
  readonly #maxBuffered: number;
  readonly #waiting: SocketMessage[] = [];
  readonly #closed = new AbortController();
  #wake: (() => void) | undefined;

  constructor(raw: WebSocket, maxBuffered: number) {
    this.#raw = raw;
    this.#maxBuffered = maxBuffered;
    raw.on("message", (data, isBinary) => this.#receive(data, isBinary));
    raw.once("close", () => {
      this.#closed.abort();
      this.#wake?.();
    });
  }

  /** The connection as `ws` has it. */
  get raw(): WebSocket {
    return this.#raw;
  }

  get isOpen(): boolean {
    return this.#raw.readyState === this.#raw.OPEN;
  }

  /** Aborted when the connection is over. */
  get signal(): AbortSignal {
    return this.#closed.signal;
  }

  /** The protocol that both ends agreed on; empty where none was asked for. */
  get protocol(): string {
    return this.#raw.protocol;
  }

  #receive(data: RawData, isBinary: boolean): void {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    this.#waiting.push(isBinary ? bytes : bytes.toString("utf8"));
    if (this.#waiting.length >= mostWaiting) this.#raw.pause();
    this.#wake?.();
  }

  /**
   * Sends text or bytes; anything else as JSON. The promise is kept when it went out, so awaiting it keeps pace with the client.
   * Nothing is sent where the connection is over. A client that leaves too much unread is disconnected (1013).
   */
  send(message: string | Uint8Array | object): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    if (this.#raw.bufferedAmount > this.#maxBuffered) {
      this.#raw.close(1013, "too slow");
      return Promise.resolve();
    }
    const data = typeof message === "string" || message instanceof Uint8Array ? message : JSON.stringify(message);
    // A client that went away meanwhile is no failure of the sender: the loop over the socket ends.
    return new Promise((resolve) => this.#raw.send(data, () => resolve()));
  }

  /** Ends the connection. `socket.close(4001, "The room is closed.")` */
  close(code = 1000, reason = ""): void {
    this.#raw.close(code, reason);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SocketMessage> {
    while (true) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        if (this.#raw.isPaused && this.#waiting.length < mostWaiting / 2) this.#raw.resume();
        yield message;
      } else if (this.#closed.signal.aborted) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
