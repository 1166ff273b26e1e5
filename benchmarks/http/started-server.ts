import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { memoryOf } from "../process-memory.ts";

/** A server in a process of its own. */
export interface StartedServer {
  port: number;
  /** The CPU microseconds that its process has taken, where that is known. */
  cpu?(): Promise<number>;
  /** The bytes of memory that its processes hold, where that is known. */
  memory?(): Promise<number>;
  close(): Promise<void>;
}

/**
 * A server that has nothing to do while another is measured is collected by V8 after a while, which drops compiled code with the
 * classes of the requests that are gone; the next window would measure how that is compiled again. None under load is collected so.
 */
const asUnderLoad = ["--no-memory-reducer"];

let isBuilt = false;

/** Builds the package as it is published: what starting and memory cost is measured on that. */
function build(): void {
  if (isBuilt) return;
  const root = join(import.meta.dirname, "../..");
  const { status, stderr } = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the package cannot be built: ${stderr.slice(-200)}`);
  isBuilt = true;
}

/** Starts one of the `servers` that a file exports, functions that listen and answer their port; what it complains about is told when it does not come up. */
export function nodeServer(
  file: string,
  name: string,
  options: { built?: boolean | undefined } = {},
): () => Promise<StartedServer> {
  return async () => {
    if (options.built) build();
    const child = fork(join(import.meta.dirname, "server-process.ts"), [file, name], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { ...process.env, NODE_ENV: "production" },
      execArgv: options.built ? ["--disable-warning=ExperimentalWarning"] : [...process.execArgv, ...asUnderLoad],
    });
    let complaints = "";
    child.stderr!.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
    const exited = once(child, "exit");
    const ended = exited.then(() => Promise.reject(new Error(`its process ended: ${complaints.trim().slice(-400)}`)));
    ended.catch(() => {});
    const reply = async <T>(): Promise<T> => (await Promise.race([once(child, "message"), ended]))[0] as T;
    const { port } = await reply<{ port: number }>();
    return {
      port,
      async cpu() {
        child.send("cpu");
        return (await reply<{ cpu: number }>()).cpu;
      },
      memory: async () => memoryOf(child.pid!),
      async close() {
        child.disconnect();
        await exited;
      },
    };
  };
}
