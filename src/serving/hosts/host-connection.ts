import { connect, type Socket } from "node:net";
import type { HostedFile } from "../backends/sessions.ts";
import { FrameReader } from "../processes/frame-reader.ts";
import type { HostLost } from "../processes/host-lost.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
import type { BodyRefusal, BodyTask, HostLine } from "./messages.ts";
import { SpillFile } from "./spill-file.ts";

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

/** A process that holds models: one of this process, or of another web process on the machine. */
export interface Host {
  readonly alive: boolean;
  /** Why the host ended, for those who were waiting for it. */
  readonly lost: HostLost;
  /** Opens a line to a model, loaded in a thread of its own where the host does not hold what has the key. */
  load(hosted: HostedFile, key?: string): Promise<HostConnection>;
  /** Ends the host at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string): void;
  /** Makes sure that a host which seems to be ending is gone, as far as this process is concerned. */
  end(): Promise<void>;
}

/** The line to one model instance in a host. One run is on it at a time. */
export class HostConnection {
  readonly host: Host;
  /** Settles when the line is gone. */
  readonly closed: Promise<void>;
  readonly #requests: SpillFile;
  readonly #answers: SpillFile;
  readonly #socket: Socket;
  #closing = false;
  #waiting: { resolve(result: RunResult): void; reject(error: Error): void } | undefined;

  private constructor(host: Host, [requests, answers]: readonly [SpillFile, SpillFile], socket: Socket) {
    this.host = host;
    this.#requests = requests;
    this.#answers = answers;
    this.#socket = socket;
    const reader = new FrameReader((frame) => this.#onFrame(decodeFrame(frame, answers)));
    socket.on("data", (chunk) => reader.push(chunk as Buffer));
    socket.on("error", () => socket.destroy());
    this.closed = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
  }

  static open(host: Host, { address, spill }: HostLine): Promise<HostConnection> {
    return new Promise((resolve, reject) => {
      const files = spillFiles(spill);
      if (files === undefined) return reject(host.lost);
      const socket = connect(address);
      const fail = (): void => {
        for (const file of files) file.close();
        reject(host.lost);
      };
      socket.once("error", fail);
      socket.once("connect", () => {
        socket.off("error", fail);
        resolve(new HostConnection(host, files, socket));
      });
    });
  }

  get usable(): boolean {
    return !this.#closing && !this.#socket.destroyed;
  }

  /** @throws ModelRefusal, HostLost */
  run(tensors: Tensors, note?: BodyTask): Promise<RunResult> {
    if (this.#socket.destroyed) return Promise.reject(this.host.lost);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(encodeFrame({ tensors, note }, this.#requests));
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
    this.#requests.close();
    this.#answers.close();
    if (!this.#closing) await this.host.end();
    this.#waiting?.reject(this.host.lost);
  }
}

/** The files that the host opens when it is connected to; undefined where its folder has gone, for it ended meanwhile. */
function spillFiles(spill: string): readonly [requests: SpillFile, answers: SpillFile] | undefined {
  let requests: SpillFile | undefined;
  try {
    requests = new SpillFile(`${spill}.requests`, "wx+");
    return [requests, new SpillFile(`${spill}.answers`, "wx+")];
  } catch (error) {
    requests?.close();
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
