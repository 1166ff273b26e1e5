import { connect, type Socket } from "node:net";
import type { HostedFile } from "../backends/sessions.ts";
import { HostLost, type LossCause } from "../processes/host-lost.ts";
import { type Host, HostConnection } from "./host-connection.ts";
import { readLines } from "./json-lines.ts";
import type { HostLine } from "./messages.ts";

/** What one web process asks of another that owns the host of a machine. A line of JSON each. */
export type ShareRequest = { id: number; hosted: HostedFile; key: string | undefined } | { kill: string };

/** What it is answered; and, unasked, how the host came to its end. */
export type ShareReply = { id: number; line: HostLine } | { id: number; problem: string } | { lost: string; kind: LossCause };

/** Milliseconds in which the owner of a host that ended says why. */
const LAST_WORDS = 300;

/** The host of another web process on this machine. Lines to its models are opened by that process and lead to the host itself. */
export class RemoteHost implements Host {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve(line: HostLine): void; reject(error: Error): void }>();
  readonly #gone: Promise<void>;
  #lastId = 0;
  #lost: HostLost | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket.unref();
    readLines(socket, (reply) => this.#onReply(reply as ShareReply));
    socket.on("error", () => socket.destroy());
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
  }

  /** The host whose owner listens at the address; undefined where nobody does. */
  static connect(address: string): Promise<RemoteHost | undefined> {
    return new Promise((resolve) => {
      const socket = connect(address);
      socket.once("error", () => resolve(undefined));
      socket.once("connect", () => resolve(new RemoteHost(socket)));
    });
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  get lost(): HostLost {
    return this.#lost ?? new HostLost("the connection closed", "ended");
  }

  async load(hosted: HostedFile, key?: string): Promise<HostConnection> {
    if (!this.alive) throw this.lost;
    const id = ++this.#lastId;
    const line = await new Promise<HostLine>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#tell({ id, hosted, key });
    });
    return HostConnection.open(this, line);
  }

  kill(reason: string): void {
    this.#tell({ kill: reason });
  }

  /** The line to it broke: its owner says why, or has gone too. */
  async end(): Promise<void> {
    const limit = setTimeout(() => this.#socket.destroy(), LAST_WORDS);
    await this.#gone;
    clearTimeout(limit);
  }

  #tell(request: ShareRequest): void {
    this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #onReply(reply: ShareReply): void {
    if ("lost" in reply) return void (this.#lost = new HostLost(reply.lost, reply.kind));
    const asked = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("line" in reply) asked?.resolve(reply.line);
    else asked?.reject(new Error(reply.problem));
  }

  #onClose(): void {
    this.#lost ??= new HostLost("the process that owned it has gone", "ended");
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
  }
}
