import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Migrates the app `shop` of a folder in a process of its own, and gives its exit code. */
export async function migrateInProcess(url: string, directory: string): Promise<number> {
  const child = fork(join(import.meta.dirname, "migrate-process.ts"), [url, directory], {
    execArgv: ["--conditions=cortado-source"],
  });
  const [code] = (await once(child, "exit")) as [number];
  return code;
}
