import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Turning } from "./measure.ts";

const packages = join(import.meta.dirname, "var/django");

/**
 * A Python script with Django, where Python and Django are there or can be installed in a folder of their own. The script answers
 * each line, a number of turns, with the CPU microseconds that one of them took.
 */
export async function openDjango(script: string, scriptArguments: readonly string[], turns: number): Promise<Turning> {
  if (!existsSync(packages)) installDjango();
  const child = spawn("python3", [script, ...scriptArguments], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: packages },
  });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("its process ended")));
  ended.catch(() => {});
  const run = async () => {
    child.stdin.write(`${turns}\n`);
    const [line] = await Promise.race([once(lines, "line"), ended]);
    return Number(line);
  };
  await run();
  return { run, close: () => void child.stdin.end() };
}

function installDjango(): void {
  console.error("Installing Django …");
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", packages, "django"];
  if (spawnSync("python3", pip, { stdio: "ignore", timeout: 60_000 }).status !== 0)
    throw new Error("skipped, for Django cannot be installed with python3 -m pip");
}
