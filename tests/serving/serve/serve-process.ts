import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const bin = resolve(import.meta.dirname, "../../../bin/cortado.mjs");

/** `cortado serve` in a process of its own, as an operator starts it. */
export interface ServeProcess {
  child: ChildProcess;
  /** What it has said until now. */
  said: { out: string; err: string };
  /** Its exit code, or the signal that ended it. */
  ended: Promise<number | string>;
  /** Where it answers. @throws when it ends before it listens */
  url(): Promise<string>;
  /** Fulfilled when what it has said, out or err, has this. */
  says(pattern: RegExp): Promise<void>;
}

/** Starts it with these arguments, in a folder of its own where `cwd` says so; ended with the test. */
export function startServe(
  t: { after(fn: () => unknown): void },
  args: readonly string[],
  { env, cwd }: { env?: Record<string, string>; cwd?: string } = {},
): ServeProcess {
  const flags = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...flags, bin, "serve", ...args], { cwd, env: { ...process.env, ...env } });
  const said = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (said.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said.err += chunk));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  t.after(() => child.kill("SIGKILL"));
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let i = 0; i < 1500; i++) {
      const found = pattern.exec(said.out) ?? pattern.exec(said.err);
      if (found) return found;
      if (child.exitCode !== null || child.signalCode !== null) break;
      await sleep(20);
    }
    throw new Error(`${pattern} was not said: ${said.out}${said.err}`);
  };
  return {
    child,
    said,
    ended,
    says: async (pattern) => void (await until(pattern)),
    url: async () => (await until(/ at (http:\S+)/))[1]!,
  };
}
