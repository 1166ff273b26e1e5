import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** How many random points a process is killed at; all of them are for a machine that does nothing else. */
export const KILLS = process.env["CORTADO_LONG"] ? 200 : 12;

/** The lines that a script of this folder has written until it was killed, at a random moment after the first of them. */
export async function killedAtRandom(script: string, args: readonly string[], longest = 200): Promise<string[]> {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  const gone = once(child, "close");
  await Promise.race([once(child.stdout, "data"), gone]);
  await sleep(Math.random() * longest);
  if (child.exitCode !== null) throw new Error(`${script} ended by itself`);
  child.kill("SIGKILL");
  await gone;
  return text.split("\n").slice(0, -1);
}
