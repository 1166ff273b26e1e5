import { type ChildProcess, fork } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Inspection } from "../engines/runtime.ts";
import type { HostedFile } from "../backends/sessions.ts";
import { errorFrom } from "./host-problem.ts";
import { type Host, HostConnection } from "./host-connection.ts";
import { makeHostFolder } from "./host-folder.ts";
import { HostLost, type LossCause } from "../processes/host-lost.ts";
import { readableBytes } from "../processes/readable-bytes.ts";
import type { Examination } from "../engines/examination.ts";
import type { ExamineRequest, HostLine, HostReply, HostRequest, InspectRequest, LoadTask } from "./messages.ts";
import { nodeFlags, siblingModule } from "../processes/sibling-module.ts";

type Ask<T> = T extends HostRequest ? Omit<T, "id"> : never;

/** What it means when a signal of somebody else ends a host. */
const causes: Readonly<Record<string, LossCause>> = { SIGINT: "ended", SIGTERM: "ended", SIGKILL: "killed" };

/** onnxruntime 1.30 tells its maker of every session, and leaves a file in the folder for temporary files for every process. */
const QUIET = { ORT_DISABLE_TELEMETRY: "1" };

/** One child process that holds models, each instance in a thread with its own socket. */
export class ModelHost implements Host {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;
  readonly #memoryLimit: number;
  #memory = 0;
  #lost: HostLost | undefined;
  #killedFor: { reason: string; cause: LossCause } | undefined;
  /** Settles when the process is gone. */
  readonly exited: Promise<void>;

  private constructor(memoryLimit: number) {
    this.#memoryLimit = memoryLimit;
    this.#folder = makeHostFolder();
    this.#child = fork(siblingModule(import.meta.url, "host-process"), [this.#folder], {
      execArgv: nodeFlags(import.meta.url),
      env: { ...QUIET, ...process.env },
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (reply: HostReply) => this.#onReply(reply));
    this.exited = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve(this.#onExit(signal ?? `exit code ${code}`)));
      this.#child.on("error", (error) => {
        // A process that could not be started never ends.
        if (this.#child.pid === undefined) resolve(this.#onExit(error.message));
        else this.#child.kill("SIGKILL");
      });
    });
  }

  /** Starts a host; it takes models when the promise is fulfilled, and is ended when it occupies more bytes than the limit. */
  static async start(memoryLimit: number): Promise<ModelHost> {
    const host = new ModelHost(memoryLimit);
    await new Promise((resolve, reject) => host.#waiting.set(0, { resolve, reject }));
    return host;
  }

  get processId(): number {
    return this.#child.pid!;
  }

  get alive(): boolean {
    return this.#lost === undefined && this.#killedFor === undefined;
  }

  /** Why the host ended, for those who were waiting for it. */
  get lost(): HostLost {
    return this.#lost ?? new HostLost("the connection closed", this.#killedFor?.cause ?? "crashed");
  }

  /** Bytes that it occupied when it told last. */
  get memory(): number {
    return this.#memory;
  }

  async load(hosted: HostedFile, key?: string): Promise<HostConnection> {
    return HostConnection.open(this, await this.open(hosted, key));
  }

  /** Opens a line for whoever is to connect to it within a few seconds. */
  async open(hosted: HostedFile, key?: string): Promise<HostLine> {
    const spill = join(this.#folder, `model-${++this.#lastId}`);
    const address = process.platform === "win32" ? `\\\\.\\pipe\\${spill.replaceAll(/\W/g, "-")}` : spill;
    const task: LoadTask = { hosted, key: key ?? address, address, spill };
    await this.#ask({ type: "load", task });
    return { address, spill };
  }

  /** Tries a model file, and says what it found. */
  async inspect(request: InspectRequest): Promise<Inspection> {
    return (await this.#ask({ type: "inspect", request })) as Inspection;
  }

  /** Measures a model file. */
  async examine(request: ExamineRequest): Promise<Examination> {
    return (await this.#ask({ type: "examine", request })) as Examination;
  }

  /** Ends the host at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string, cause: LossCause = "ended"): void {
    this.#killedFor ??= { reason, cause };
    this.#child.kill("SIGKILL");
  }

  /** Makes sure that a host which seems to be ending is gone. */
  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  #ask(request: Ask<HostRequest>): Promise<unknown> {
    if (this.#lost) return Promise.reject(this.#lost);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, ...request }, (error) => error && reject(this.lost));
    });
  }

  #onReply(reply: HostReply): void {
    if ("memory" in reply) return this.#onMemory(reply.memory);
    // What a host that is being ended says is told no more: its end is the answer.
    if (this.#killedFor) return;
    const asked = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("problem" in reply) asked?.reject(errorFrom(reply));
    else asked?.resolve(reply.value);
  }

  #onMemory(bytes: number): void {
    this.#memory = bytes;
    if (bytes <= this.#memoryLimit) return;
    this.kill(`it occupied ${readableBytes(bytes)}, and ${readableBytes(this.#memoryLimit)} are allowed`, "memory");
  }

  #onExit(how: string): void {
    const { reason, cause } = this.#killedFor ?? { reason: how, cause: causes[how] ?? "crashed" };
    this.#lost = new HostLost(`its process ended (${reason})`, cause);
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
