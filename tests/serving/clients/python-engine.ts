import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../scripts/free-port.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

/** A model server of Python that was started. */
export interface PythonEngine {
  url: string;
  /** What it takes with it: its folder and its port, and the two after that. */
  close(): Promise<void>;
}

interface Start {
  /** The words that start it, in a folder of its own which it may fill. */
  command(place: { folder: string; port: number }): readonly string[];
  /** The address that answers 200 when it is ready. */
  ready: string;
}

/** Starts a model server; undefined where it does not answer within a minute and a half. */
export async function startPythonEngine({ command, ready }: Start): Promise<PythonEngine | undefined> {
  const folder = temporaryFolder();
  const port = await freePort();
  const [program, ...words] = command({ folder, port });
  const env = { ...process.env, PYTHONPATH: join(import.meta.dirname, "engines") };
  const child = spawn(program!, words, { cwd: folder, env, stdio: "ignore", detached: true });
  const close = () => end(child);
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; i < 300 && child.exitCode === null; i++) {
    if ((await statusOf(`${url}/${ready}`)) === 200) return { url, close };
    await sleep(300);
  }
  await close();
  return undefined;
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).status;
  } catch {
    return undefined;
  }
}

/** Ends it and what it started: its own group of processes. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const exited = once(child, "exit");
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      return;
    }
    await Promise.race([exited, sleep(8000, undefined, { ref: false })]);
  }
}
