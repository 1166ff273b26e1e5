import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const environments = join(import.meta.dirname, "var/python");

export interface PythonPackages {
  packages: readonly string[];
  /** Debian's Python, with its packages: for what needs torch, or the library of exactly this Python. */
  debian?: boolean;
  /** What is imported from Debian's packages, and its package. */
  imports?: { module: string; from: string };
}

/** The folder of a virtual environment with these packages, made on first use. @throws where they cannot be installed */
export function pythonEnvironment(name: string, { packages, debian, imports }: PythonPackages): string {
  const folder = join(environments, name);
  if (imports && spawnSync("/usr/bin/python3", ["-c", `import ${imports.module}`]).status !== 0)
    throw new Error(`skipped, for it imports ${imports.module}: apt-get install ${imports.from}`);
  if (existsSync(join(folder, "installed"))) return folder;
  console.error(`Installing ${name} …`);
  mkdirSync(environments, { recursive: true });
  const python = debian ? "/usr/bin/python3" : "python3";
  const made = spawnSync(python, ["-m", "venv", ...(debian ? ["--system-site-packages"] : []), folder]);
  const install = ["install", "--quiet", "--disable-pip-version-check", ...packages];
  const installed = made.status === 0 && spawnSync(join(folder, "bin/pip"), install, { timeout: 300_000 });
  if (!installed || installed.status !== 0) throw new Error(`skipped, for ${packages[0]} cannot be installed`);
  writeFileSync(join(folder, "installed"), "");
  return folder;
}

/** Starts a script that answers each line with a line. It ends with this process. */
export function openPython(python: string, words: readonly string[]): (line: string) => Promise<string> {
  const child = spawn(python, words, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("its process ended")));
  ended.catch(() => {});
  process.once("exit", () => child.kill());
  return async (line) => {
    child.stdin.write(`${line}\n`);
    return ((await Promise.race([once(lines, "line"), ended])) as [string])[0];
  };
}
