import { type ChildProcess, fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Inspection } from "../engines/runtime.ts";
import { HostConnection } from "./host-connection.ts";
import type { HostReply, HostRequest, InspectRequest } from "./messages.ts";
import { SpillFile } from "./spill-file.ts";
import { nodeFlags, siblingModule } from "./sibling-module.ts";

type Ask<T> = T extends HostRequest ? Omit<T, "id"> : never;

/** Rejects what waits on a host that has ended. */
export class HostLost extends Error {
  /** True when the host was ended on purpose, because another model overran its deadline. */
  readonly blameless: boolean;

  constructor(reason: string, blameless: boolean) {
    super(reason);
    this.blameless = blameless;
  }
}

/** A folder whose files never reach a disk, where the system has one. */
function memoryFolder(): string {
  return existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
}

/** One child process that holds models, each instance in a thread with its own socket. */
export class ModelHost {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #lastId = 0;
  #lost: HostLost | undefined;
  #killedFor: string | undefined;
  /** Settles when the process is gone. */
  readonly exited: Promise<void>;

  private constructor() {
    this.#folder = mkdtempSync(join(memoryFolder(), "cortado-host-"));
    this.#child = fork(siblingModule(import.meta.url, "host-process"), [this.#folder], {
      execArgv: nodeFlags(import.meta.url),
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (reply: HostReply) => this.#onReply(reply));
    this.#child.on("error", () => this.#child.kill("SIGKILL"));
    this.exited = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => resolve(this.#onExit(signal ?? `exit code ${code}`)));
    });
  }

  /** Starts a host; it takes models when the promise is fulfilled. */
  static async start(): Promise<ModelHost> {
    const host = new ModelHost();
    await new Promise((resolve, reject) => host.#waiting.set(0, { resolve, reject }));
    return host;
  }

  get processId(): number {
    return this.#child.pid!;
  }

  get alive(): boolean {
    return this.#lost === undefined;
  }

  /** Why the host ended, for those who were waiting for it. */
  get lost(): HostLost {
    return this.#lost ?? new HostLost("the connection closed", this.#killedFor !== undefined);
  }

  /** Loads a model file in a thread of its own. */
  async load(file: string): Promise<HostConnection> {
    const spill = join(this.#folder, `model-${++this.#lastId}`);
    const address = process.platform === "win32" ? `\\\\.\\pipe\\${spill.replaceAll(/\W/g, "-")}` : spill;
    await this.#ask({ type: "load", task: { file, address, spill } });
    const requests = new SpillFile(`${spill}.requests`, "wx+");
    const answers = new SpillFile(`${spill}.answers`, "wx+");
    return HostConnection.open(this, { address, requests, answers });
  }

  /** Tries a model file, and says what it found. */
  async inspect(request: InspectRequest): Promise<Inspection> {
    return (await this.#ask({ type: "inspect", request })) as Inspection;
  }

  /** Ends the host at once. What waits on it is rejected with `HostLost`. */
  kill(reason: string): void {
    this.#killedFor ??= reason;
    this.#child.kill("SIGKILL");
  }

  /** Makes sure that a host which seems to be ending is gone. */
  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  #ask(request: Ask<HostRequest>): Promise<unknown> {
    if (!this.alive) return Promise.reject(this.lost);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, ...request }, (error) => error && reject(this.lost));
    });
  }

  #onReply(reply: HostReply): void {
    const asked = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("problem" in reply) asked?.reject(new Error(reply.problem));
    else asked?.resolve(reply.value);
  }

  #onExit(how: string): void {
    this.#lost = new HostLost(`the model host ended (${this.#killedFor ?? how})`, this.#killedFor !== undefined);
    for (const { reject } of this.#waiting.values()) reject(this.#lost);
    this.#waiting.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
