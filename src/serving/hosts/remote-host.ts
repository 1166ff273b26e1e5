import { connect, type Socket } from "node:net";
import type { HostedFile } from "../backends/sessions.ts";
import { HostLost, type LossCause } from "../processes/host-lost.ts";
import { errorFrom, type HostProblem } from "./host-problem.ts";
import { type Host, HostConnection } from "./host-connection.ts";
import { readLines } from "./json-lines.ts";
import type { HostLine } from "./messages.ts";

/** What one web process asks of another that owns the host of a machine. A line of JSON each. */
export type ShareRequest = { id: number; hosted: HostedFile; key: string | undefined } | { kill: string } | "there?";

/** What it is answered; and, unasked, how the host came to its end. */
export type ShareReply =
  | { id: number; line: HostLine }
  | ({ id: number } & HostProblem)
  | { lost: string; kind: LossCause }
  | "here";

/** Milliseconds in which the owner of a host that ended says why. */
const LAST_WORDS = 300;
/** Milliseconds between two questions whether the owner is there, and how many of them it may leave unanswered. */
const ASK_EVERY = 500;
const UNANSWERED = 5;

/**
 * The host of another web process on this machine. Lines to its models are opened by that process and lead to the host itself.
 * A process that was stopped keeps its connections, so it is asked again and again whether it is there; one that does not
 * answer for a while has gone, and its host with it.
 */
export class RemoteHost implements Host {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve(line: HostLine): void; reject(error: Error): void }>();
  readonly #lines = new Set<HostConnection>();
  readonly #asking: NodeJS.Timeout;
  readonly #gone: Promise<void>;
  #unanswered = 0;
  #lastId = 0;
  #lost: HostLost | undefined;

  private constructor(socket: Socket, onAnswer: (remote: RemoteHost) => void) {
    this.#socket = socket;
    readLines(socket, (reply) => {
      this.#unanswered = 0;
      if (reply === "here") onAnswer(this);
      else this.#onReply(reply as Exclude<ShareReply, "here">);
    });
    this.#gone = new Promise((resolve) => socket.once("close", () => resolve(this.#onClose())));
    this.#asking = setInterval(() => this.#askForOwner(), ASK_EVERY);
    this.#askForOwner();
  }

  /** The host whose owner listens at the address; undefined where nobody answers. */
  static connect(address: string): Promise<RemoteHost | undefined> {
    return new Promise((resolve) => {
      const socket = connect(address);
      const remote = new RemoteHost(socket, () => {
        socket.unref();
        remote.#asking.unref();
        resolve(remote);
      });
      void remote.#gone.then(() => resolve(undefined));
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
    const connection = await HostConnection.open(this, line);
    this.#lines.add(connection);
    void connection.gone.then(() => this.#lines.delete(connection));
    if (!this.alive) connection.break();
    return connection;
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

  /** Counts questions and not time: a process that was stopped itself finds the answers when it goes on. */
  #askForOwner(): void {
    if (this.#unanswered++ < UNANSWERED) return this.#tell("there?");
    this.#lost ??= new HostLost("the process that owns it does not answer", "ended");
    this.#socket.destroy();
  }

  #tell(request: ShareRequest): void {
    this.#socket.write(`${JSON.stringify(request)}\n`);
  }

  #onReply(reply: Exclude<ShareReply, "here">): void {
    if ("lost" in reply) return void (this.#lost = new HostLost(reply.lost, reply.kind));
    const asked = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("line" in reply) asked?.resolve(reply.line);
    else asked?.reject(errorFrom(reply));
  }

  #onClose(): void {
    clearInterval(this.#asking);
    this.#lost ??= new HostLost("the process that owned it has gone", "ended");
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
    for (const line of this.#lines) line.break();
  }
}
