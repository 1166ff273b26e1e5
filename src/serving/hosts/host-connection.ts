import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import type { HostedFile } from "../backends/sessions.ts";
import { FrameReader } from "../processes/frame-reader.ts";
import { HostLost } from "../processes/host-lost.ts";
import type { Mortal } from "../processes/supervisor.ts";
import type { Tensors } from "../tensors/tensor.ts";
import { decodeFrame, encodeFrame, type Frame } from "./frame.ts";
import { toldRoom } from "./no-room.ts";
import type { BodyTask, HostLine } from "./messages.ts";
import { Lanes } from "./lanes.ts";

/** The model answered that it cannot work on these tensors. */
export class ModelRefusal extends Error {}

/** A run took longer than it may; its host was ended. */
export class RunOverran extends Error {}

/** What a run gave, and how long it took in the host. */
export interface RunResult {
  tensors: Tensors;
  milliseconds: number;
  /** What the host says of bodies that it answered. */
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

/** A run on a line, and how long it may take. */
interface Sent {
  lane: number;
  deadline: number;
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

/**
 * The line to one model instance in a host. One run goes on at a time; as many frames as there are lanes may be on the line, so
 * that the host finds the next one when it has answered.
 */
export class HostConnection implements Mortal {
  readonly host: Host;
  /** Settles when the line is gone. */
  readonly gone: Promise<void>;
  readonly #lanes: Lanes;
  readonly #socket: Socket;
  /** In the order in which they are answered; the first one runs. */
  readonly #sent: Sent[] = [];
  #limit: NodeJS.Timeout | undefined;
  #closing = false;
  #onIdle: (() => void) | undefined;

  private constructor(host: Host, lanes: Lanes, socket: Socket) {
    this.host = host;
    this.#lanes = lanes;
    this.#socket = socket;
    const reader = new FrameReader((frame) => this.#onFrame(decodeFrame(frame, lanes.answers)));
    socket.on("data", (chunk) => reader.push(chunk as Buffer));
    socket.on("error", () => socket.destroy());
    this.gone = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
  }

  static open(host: Host, { address, spill }: HostLine): Promise<HostConnection> {
    return new Promise((resolve, reject) => {
      const lanes = makeLanes(spill);
      if (lanes === undefined) return reject(host.lost);
      const socket = connect(address);
      const fail = (): void => {
        lanes.close();
        reject(host.lost);
      };
      socket.once("error", fail);
      socket.once("connect", () => {
        socket.off("error", fail);
        resolve(new HostConnection(host, lanes, socket));
      });
    });
  }

  get alive(): boolean {
    return !this.#closing && !this.#socket.destroyed;
  }

  /** Runs the model; what is asked for while it runs is next. @throws ModelRefusal, RunOverran, HostLost */
  run(tensors: Tensors, { deadline, task }: { deadline: number; task?: BodyTask | undefined }): Promise<RunResult> {
    if (this.#socket.destroyed) return Promise.reject(this.host.lost);
    return new Promise((resolve, reject) => {
      const lane = this.#lanes.take();
      // What cannot be put into a frame must not wait for an answer: it would take that of the run behind it.
      const frame = this.#encode({ tensors, note: task, lane });
      this.#sent.push({ lane, deadline, resolve, reject });
      if (this.#sent.length === 1) this.#limitFirst();
      this.#socket.write(frame);
    });
  }

  /** Is fulfilled when nothing runs on it. */
  idle(): Promise<void> {
    return this.#sent.length === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onIdle = resolve));
  }

  /** Closes the line; the host then lets the model go. */
  close(): void {
    this.#closing = true;
    this.#socket.end();
  }

  /** Gives the line up, for its host is lost. */
  break(): void {
    this.#socket.destroy();
  }

  #encode(frame: Frame): Buffer {
    try {
      return encodeFrame(frame, this.#lanes.requests);
    } catch (error) {
      this.#lanes.give(frame.lane);
      throw error;
    }
  }

  #onFrame({ tensors, milliseconds = 0, note, error }: Frame): void {
    const { lane, resolve, reject } = this.#next()!;
    this.#lanes.give(lane);
    if (error === undefined) resolve({ tensors, milliseconds, note });
    else reject(new ModelRefusal(error));
    if (this.#sent.length === 0) this.#onIdle?.();
  }

  /** The run that has just ended, in any way; the time of the one behind it begins. */
  #next(): Sent | undefined {
    clearTimeout(this.#limit);
    const ended = this.#sent.shift();
    this.#limitFirst();
    return ended;
  }

  #limitFirst(): void {
    const [running] = this.#sent;
    if (running === undefined) return;
    const { deadline, reject } = running;
    this.#limit = setTimeout(() => {
      reject(new RunOverran());
      this.host.kill(`a run took longer than ${deadline} ms`);
    }, deadline);
  }

  /** A line that breaks by itself means that the host is ending: its last words say why. What waited behind a run was no part of it. */
  async #onClose(): Promise<void> {
    clearTimeout(this.#limit);
    this.#lanes.close();
    if (!this.#closing) await this.host.end();
    const { lost } = this.host;
    const [running, ...behind] = this.#sent.splice(0);
    running?.reject(lost);
    for (const { reject } of behind) reject(new HostLost(lost.message, "ended"));
    this.#onIdle?.();
  }
}

/** The files that the host opens when it is connected to; undefined where its folder has gone, for it ended meanwhile. @throws SERVING_NO_ROOM_FOR_HOSTS */
function makeLanes(spill: string): Lanes | undefined {
  try {
    return new Lanes(spill, "wx+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw toldRoom(error, dirname(spill));
  }
}
