import { connect, type Socket } from "node:net";
import type { Tensors } from "../tensors/tensor.ts";
import { encodeFrame, type Frame, FrameReader } from "./frame.ts";
import type { BodyRefusal, BodyTask } from "./messages.ts";
import type { ModelHost } from "./model-host.ts";
import type { SpillFile } from "./spill-file.ts";

/** The model answered that it cannot work on these tensors, or whoever read a body for it that they are none. */
export class ModelRefusal extends Error {
  /** Present where the body was refused, and not the tensors that it held. */
  readonly body: BodyRefusal | undefined;

  constructor(message: string, body?: BodyRefusal) {
    super(message);
    this.body = body;
  }
}

/** What a run gave, and how long it took in the host. */
export interface RunResult {
  tensors: Tensors;
  milliseconds: number;
  /** What the host says of a body that it answered. */
  note?: unknown;
}

/** Where a model instance in a host is spoken to. */
export interface HostLine {
  address: string;
  requests: SpillFile;
  answers: SpillFile;
}

/** The line to one model instance in a host. One run is on it at a time. */
export class HostConnection {
  readonly host: ModelHost;
  /** Settles when the line is gone. */
  readonly closed: Promise<void>;
  readonly #line: HostLine;
  readonly #socket: Socket;
  #closing = false;
  #waiting: { resolve(result: RunResult): void; reject(error: Error): void } | undefined;

  private constructor(host: ModelHost, line: HostLine, socket: Socket) {
    this.host = host;
    this.#line = line;
    this.#socket = socket;
    const reader = new FrameReader(line.answers, (frame) => this.#onFrame(frame));
    socket.on("data", (chunk) => reader.push(chunk as Buffer));
    socket.on("error", () => socket.destroy());
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
  }

  static open(host: ModelHost, line: HostLine): Promise<HostConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(line.address);
      socket.once("error", () => reject(host.lost));
      socket.once("connect", () => resolve(new HostConnection(host, line, socket)));
    });
  }

  get usable(): boolean {
    return !this.#closing && !this.#socket.destroyed;
  }

  /** @throws ModelRefusal, HostLost */
  run(tensors: Tensors, note?: BodyTask): Promise<RunResult> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(encodeFrame({ tensors, note }, this.#line.requests));
    });
  }

  /** Closes the line; the host then lets the model go. */
  close(): void {
    this.#closing = true;
    this.#socket.end();
  }

  #onFrame(frame: Frame): void {
    const asked = this.#waiting;
    this.#waiting = undefined;
    const { tensors, milliseconds = 0, note, error } = frame;
    if (error === undefined) asked?.resolve({ tensors, milliseconds, note });
    else asked?.reject(new ModelRefusal(error, note as BodyRefusal | undefined));
  }

  /** A line that breaks by itself means that the host is ending: its last words say why. */
  async #onClose(): Promise<void> {
    this.#line.requests.close();
    this.#line.answers.close();
    if (!this.#closing) await this.host.end();
    this.#waiting?.reject(this.host.lost);
  }
}
