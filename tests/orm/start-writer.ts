import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** A process that writes orders. */
export interface Writer {
  readonly child: ChildProcess;
  /** What it has printed: the numbers of the orders that are committed. */
  readonly acknowledged: number[];
  /** When it has opened the database. */
  readonly ready: Promise<void>;
  /** Its exit code; null when it was killed. */
  readonly exited: Promise<number | null>;
}

/** Starts `writer-process.ts`. */
export function startWriter(url: string, name: string, count?: number): Writer {
  const file = join(import.meta.dirname, "writer-process.ts");
  const args = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", file, url, name];
  const child = spawn(process.execPath, count === undefined ? args : [...args, String(count)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: number[] = [];
  const { promise: ready, resolve: isReady, reject: isNotReady } = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  let rest = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === "ready") isReady();
      else acknowledged.push(Number(line));
    }
  });
  const exited = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  child.once("close", () => isNotReady(new Error("The writer ended before it had opened the database.")));
  return { child, acknowledged, ready, exited };
}
