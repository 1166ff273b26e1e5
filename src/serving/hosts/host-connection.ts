import { connect, type Socket } from "node:net";
import type { Tensors } from "../tensors/tensor.ts";
import { encodeFrame, type Frame, FrameReader } from "./frame.ts";
import type { ModelHost } from "./model-host.ts";

/** The model answered that it cannot work on these tensors. */
export class ModelRefusal extends Error {}

/** What a run gave, and how long it took in the host. */
export interface RunResult {
  tensors: Tensors;
  milliseconds: number;
}

/** The line to one model instance in a host. Runs are answered in their order. */
export class HostConnection {
  readonly host: ModelHost;
  /** Settles when the line is gone. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  #closing = false;
  readonly #waiting: { resolve(result: RunResult): void; reject(error: Error): void }[] = [];

  private constructor(host: ModelHost, socket: Socket) {
    this.host = host;
    this.#socket = socket;
    const reader = new FrameReader((frame) => this.#onFrame(frame));
    socket.on("data", (chunk) => reader.push(chunk as Buffer));
    socket.on("error", () => socket.destroy());
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
  }

  static open(host: ModelHost, address: string): Promise<HostConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(address);
      socket.once("error", () => reject(host.lost));
      socket.once("connect", () => resolve(new HostConnection(host, socket)));
    });
  }

  get usable(): boolean {
    return !this.#closing && !this.#socket.destroyed;
  }

  /** @throws ModelRefusal, HostLost */
  run(tensors: Tensors): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.usable) return;
      this.#socket.cork();
      for (const piece of encodeFrame({ tensors })) this.#socket.write(piece);
      this.#socket.uncork();
    });
  }

  /** Closes the line; the host then lets the model go. */
  close(): void {
    this.#closing = true;
    this.#socket.end();
  }

  #onFrame(frame: Frame): void {
    const asked = this.#waiting.shift();
    if (frame.error === undefined) asked?.resolve({ tensors: frame.tensors, milliseconds: frame.milliseconds ?? 0 });
    else asked?.reject(new ModelRefusal(frame.error));
  }

  /** A line that breaks by itself means that the host is ending: its last words say why. */
  async #onClose(): Promise<void> {
    if (!this.#closing) await this.host.end();
    for (const { reject } of this.#waiting.splice(0)) reject(this.host.lost);
  }
}
