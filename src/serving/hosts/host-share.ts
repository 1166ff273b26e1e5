import { lstatSync, mkdirSync, rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { servingErrors } from "../errors.ts";
import type { Host } from "./host-connection.ts";
import { readLines } from "./json-lines.ts";
import type { ModelHost } from "./model-host.ts";
import { RemoteHost, type ShareReply, type ShareRequest } from "./remote-host.ts";

/** Milliseconds between two tries while another process becomes the owner, and after which it is taken for dead. */
const TRY_AGAIN = 20;
const ELECTION_LIMIT = 3000;

/**
 * How it works: the web processes of a project on one machine share one host, so that there is one copy of a model. Whoever
 * comes first owns it and listens in a folder that only its user may enter; the others ask it to open lines, and then speak to
 * the host directly. When the owner ends, its host ends with it; the first to notice becomes the owner, models are loaded
 * again, and what was in flight is sent again.
 */
export class HostShare {
  readonly #directory: string;
  readonly #address: string;
  readonly #startHost: () => Promise<ModelHost>;
  readonly #askers = new Set<Socket>();
  #server: Server | undefined;

  constructor(directory: string, startHost: () => Promise<ModelHost>) {
    this.#directory = directory;
    this.#address = join(directory, "owner");
    this.#startHost = startHost;
  }

  /** The machine's host: this process's own where it is the owner. @throws SERVING_UNSAFE_FOLDER */
  async acquire(): Promise<Host> {
    if (this.#server === undefined) requirePrivate(this.#directory);
    while (this.#server === undefined) {
      const remote = await RemoteHost.connect(this.#address);
      if (remote) return remote;
      await this.#elect();
    }
    return this.#startHost();
  }

  /** Listens no more. */
  close(): void {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    for (const socket of this.#askers) socket.destroy();
  }

  /** Whoever makes the folder of the election decides it. */
  async #elect(): Promise<void> {
    const election = join(this.#directory, "election");
    try {
      mkdirSync(election);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const since = statSync(election, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (since > 0 && Date.now() - since > ELECTION_LIMIT) rmSync(election, { recursive: true, force: true });
      await sleep(TRY_AGAIN);
      return;
    }
    try {
      if (!(await isAnswered(this.#address))) await this.#listen();
    } finally {
      rmSync(election, { recursive: true, force: true });
    }
  }

  async #listen(): Promise<void> {
    rmSync(this.#address, { force: true });
    const server = createServer((socket) => this.#serve(socket)).unref();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#address, resolve);
    });
    this.#server = server;
  }

  #serve(socket: Socket): void {
    this.#askers.add(socket.unref());
    const tell = (reply: ShareReply) => socket.writable && socket.write(`${JSON.stringify(reply)}\n`);
    let host: Promise<ModelHost> | undefined;
    const hostOf = (): Promise<ModelHost> =>
      (host ??= this.#startHost().then((started) => {
        void started.exited.then(() => {
          tell({ lost: started.lost.message, kind: started.lost.kind });
          socket.end();
        });
        return started;
      }));
    const answer = async (request: ShareRequest): Promise<void> => {
      if ("kill" in request) return (await host?.catch(() => undefined))?.kill(request.kill);
      const { id, hosted, key } = request;
      try {
        tell({ id, line: await (await hostOf()).open(hosted, key) });
      } catch (error) {
        // A host that did not start is no answer to the next request.
        if (!(await host?.catch(() => undefined))) host = undefined;
        tell({ id, problem: (error as Error).message });
      }
    };
    readLines(socket, (request) => void answer(request as ShareRequest));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#askers.delete(socket));
  }
}

async function isAnswered(address: string): Promise<boolean> {
  const remote = await RemoteHost.connect(address);
  await remote?.end();
  return remote !== undefined;
}

/** Makes a folder that nobody else may enter, or makes sure of it. @throws SERVING_UNSAFE_FOLDER */
function requirePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  const isOwn = process.getuid === undefined || (found.uid === process.getuid() && (found.mode & 0o077) === 0);
  if (!found.isDirectory() || !isOwn) throw servingErrors.SERVING_UNSAFE_FOLDER({ directory });
}
