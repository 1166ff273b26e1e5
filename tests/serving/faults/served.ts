import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../models.ts";

const command = join(import.meta.dirname, "../../../bin/cortado.mjs");

/** `cortado serve` as a process of its own. */
export interface Served {
  url: string;
  child: ChildProcess;
  /** What it has written. */
  output(): string;
}

/** Serves a folder by the command, with a token that may do everything. */
export async function serveCommand(directory: string, ...options: string[]): Promise<Served> {
  const tokens = join(temporaryFolder(), "tokens");
  writeFileSync(tokens, "a-token-of-this-test\n");
  const args = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", command, "serve", directory];
  const child = spawn(process.execPath, [...args, "--port", "0", "--token-file", tokens, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += String(chunk)));
  for (;;) {
    const url = /at (http:\S+)/.exec(output)?.[1];
    if (url) return { url, child, output: () => output };
    if (child.exitCode !== null) throw new Error(output);
    await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  }
}

/** Bytes in memory of a process and of those that it has started, as Linux tells; 0 elsewhere. */
export function residentBytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    const stat = readText(`/proc/${name}/stat`);
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const family = [...parents.keys()].filter((id) => id === pid || parents.get(id) === pid);
  return family.reduce((sum, id) => sum + Number(readText(`/proc/${id}/statm`).split(" ")[1] ?? 0) * 4096, 0);
}

/** A file of a process, which may be gone. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
