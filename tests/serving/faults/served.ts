import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childrenOf, readText } from "../children-of.ts";
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
  return [pid, ...childrenOf(pid)].reduce((sum, id) => sum + Number(readText(`/proc/${id}/statm`).split(" ")[1] ?? 0) * 4096, 0);
}

/** The model hosts that a process has started. */
export function hostsOf(pid: number): number[] {
  return childrenOf(pid).filter((id) => readText(`/proc/${id}/cmdline`).includes("host-process"));
}

/** How many files a process has open, as Linux tells; 0 elsewhere. */
export function openFiles(pid: number): number {
  return process.platform === "linux" ? readdirSync(`/proc/${pid}/fd`).length : 0;
}
