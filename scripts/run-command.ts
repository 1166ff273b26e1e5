import { spawn } from "node:child_process";
import { resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");

/** Node's arguments for running this repository's TypeScript from source. */
export const fromSource = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning"];

/** Runs a command in the repository and answers its exit code; its output goes where ours goes. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: options.cwd ?? root, env: { ...process.env, ...options.env }, stdio: "inherit" });
    child.on("error", failed);
    child.on("exit", (code) => done(code ?? 1));
  });
}

/** Runs commands one after another and ends the process with the first failure's code. */
export async function runAll(commands: readonly (readonly [string, ...string[]])[]): Promise<void> {
  for (const [command, ...args] of commands) {
    const code = await runCommand(command, args);
    if (code !== 0) process.exit(code);
  }
}
