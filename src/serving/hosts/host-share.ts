import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readlinkSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { servingErrors } from "../errors.ts";
import { problemFrom } from "./host-problem.ts";
import type { Host } from "./host-connection.ts";
import { readLines } from "./json-lines.ts";
import type { ModelHost } from "./model-host.ts";
import { toldRoom } from "./no-room.ts";
import { RemoteHost, type ShareReply, type ShareRequest } from "./remote-host.ts";

/** Milliseconds between two tries while another process becomes the owner, and after which it is taken for dead. */
const TRY_AGAIN = 20;
const ELECTION_LIMIT = 3000;

/** What a share needs of its process. */
export interface Sharer {
  /** The host of this process. */
  startHost(): Promise<ModelHost>;
  /** Told when another process has become the owner, because this one did not answer for a while. */
  onReplaced(): void;
}

/**
 * How it works: the web processes of a project on one machine share one host, so that there is one copy of a model. Whoever
 * comes first owns it and listens in a folder that only its user may enter; the others ask it to open lines, and then speak to
 * the host directly. When the owner ends, its host ends with it; the first to notice becomes the owner, models are loaded
 * again, and what was in flight is sent again. So it goes with an owner that was stopped. Each owner listens at a name of its
 * own, to which the link "owner" leads: one that goes on sees there whether it still is the owner.
 */
export class HostShare {
  readonly #directory: string;
  readonly #link: string;
  readonly #sharer: Sharer;
  readonly #askers = new Set<Socket>();
  #listening: { server: Server; name: string } | undefined;
  /** The election that another process holds, and when this one saw it first: clocks may be set meanwhile. */
  #election = { made: 0, since: 0 };

  constructor(directory: string, sharer: Sharer) {
    this.#directory = directory;
    this.#link = join(directory, "owner");
    this.#sharer = sharer;
  }

  /** The machine's host: this process's own where it is the owner. @throws SERVING_UNSAFE_FOLDER, SERVING_NO_ROOM_FOR_HOSTS */
  async acquire(): Promise<Host> {
    this.#lookWhoOwns();
    try {
      if (this.#listening === undefined) requirePrivate(this.#directory);
      while (this.#listening === undefined) {
        const owner = this.#owner();
        const remote = await RemoteHost.connect(this.#link);
        if (remote) return remote;
        await this.#elect(owner);
      }
    } catch (error) {
      throw toldRoom(error, this.#directory);
    }
    return this.#sharer.startHost();
  }

  /** Listens no more. */
  close(): void {
    this.#listening?.server.close();
    this.#listening = undefined;
    for (const socket of this.#askers) socket.destroy();
  }

  /** The name at which the owner listens. */
  #owner(): string | undefined {
    try {
      return readlinkSync(this.#link);
    } catch {
      return undefined;
    }
  }

  /** An owner gives way to one that took its place while it was stopped, or when its folder was taken away. */
  #lookWhoOwns(): void {
    if (this.#listening === undefined || this.#listening.name === this.#owner()) return;
    this.close();
    this.#sharer.onReplaced();
  }

  /** Whoever makes the folder of the election decides it, unless there is an owner now that is not the silent one. */
  async #elect(silent: string | undefined): Promise<void> {
    const election = join(this.#directory, "election");
    try {
      mkdirSync(election);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      this.#outlast(election);
      await sleep(TRY_AGAIN);
      return;
    }
    try {
      if (this.#owner() === silent) await this.#listen(silent);
    } finally {
      rmSync(election, { recursive: true, force: true });
    }
  }

  /** Ends the election of a process that ended in the middle of it. */
  #outlast(election: string): void {
    const made = statSync(election, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (made !== this.#election.made) this.#election = { made, since: performance.now() };
    else if (performance.now() - this.#election.since > ELECTION_LIMIT) rmSync(election, { recursive: true, force: true });
  }

  async #listen(replaced: string | undefined): Promise<void> {
    const name = randomBytes(4).toString("hex");
    const server = createServer((socket) => this.#serve(socket)).unref();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(join(this.#directory, name), resolve);
    });
    this.#listening = { server, name };
    const link = join(this.#directory, `${name}.owner`);
    symlinkSync(name, link);
    renameSync(link, this.#link);
    if (replaced !== undefined) rmSync(join(this.#directory, replaced), { force: true });
  }

  #serve(socket: Socket): void {
    this.#askers.add(socket.unref());
    const tell = (reply: ShareReply) => socket.writable && socket.write(`${JSON.stringify(reply)}\n`);
    let host: Promise<ModelHost> | undefined;
    const hostOf = (): Promise<ModelHost> =>
      (host ??= this.#sharer.startHost().then((started) => {
        void started.exited.then(() => {
          tell({ lost: started.lost.message, kind: started.lost.kind });
          socket.end();
        });
        return started;
      }));
    const answer = async (request: ShareRequest): Promise<void> => {
      if (request === "there?") {
        this.#lookWhoOwns();
        return void tell("here");
      }
      if ("kill" in request) return (await host?.catch(() => undefined))?.kill(request.kill);
      const { id, hosted, key } = request;
      try {
        tell({ id, line: await (await hostOf()).open(hosted, key) });
      } catch (error) {
        // A host that did not start is no answer to the next request.
        if (!(await host?.catch(() => undefined))) host = undefined;
        tell({ id, ...problemFrom(error) });
      }
    };
    readLines(socket, (request) => void answer(request as ShareRequest));
    socket.on("close", () => {
      this.#askers.delete(socket);
      this.#lookWhoOwns();
    });
  }
}

/** Makes a folder that nobody else may enter, or makes sure of it. @throws SERVING_UNSAFE_FOLDER */
function requirePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) throw servingErrors.SERVING_UNSAFE_FOLDER({ directory });
}
