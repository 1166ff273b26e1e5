import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A server of models in another process. */
export interface ServedProcess {
  url: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

/** Serves a folder from a process of its own; fulfilled when its models are loaded. */
export async function serveElsewhere(directory: string, port = 0): Promise<ServedProcess> {
  const script = join(import.meta.dirname, "serve-process.ts");
  const child: ChildProcess = spawn(process.execPath, ["--conditions=cortado-source", script, directory, String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  return {
    url: line.toString().trim(),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
