import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { watchTree } from "./watch-tree.ts";

/** What a running server does not read anew: programs, catalogues, models, and which folders of pages there are. */
const program = /\.(ts|js|mjs|json|po|mo|onnx)$|(^|[/\\])(templates|static)$/;
const ofPages = /(^|[/\\])(templates|static|assets)[/\\]/;

/** Whether a change of this file takes a new start. Templates and static files are read anew as they are. */
export function restartsServer(file: string): boolean {
  return program.test(file) && !ofPages.test(file);
}

/** What nobody looks at for changes. */
export const ignoredFiles: RegExp = /(^|[/\\])(node_modules|var|dist|\.git|\.cortado)([/\\]|$)|\.sqlite3/;
const settleMs = 120;

/**
 * Runs a command of the command line in a child process and starts it anew whenever a file of the project changes.
 * A child that fails is not started again until something changes.
 */
export function superviseServer(root: string, args: readonly string[]): Promise<number> {
  const bin = fileURLToPath(new URL("../../bin/cortado.mjs", import.meta.url));
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let changed = false;

  const start = () => {
    changed = false;
    child = spawn(process.execPath, [...process.execArgv, bin, ...args], { cwd: root, stdio: "inherit" });
    child.on("exit", (code) => {
      child = undefined;
      if (stopping) return;
      if (changed) start();
      else if (code !== 0) console.error("Stopped. It starts again when a file changes.");
    });
  };
  /** A child that is still finishing its requests is told a second time, and ends at once. */
  const restart = () => {
    changed = true;
    if (child) child.kill("SIGTERM");
    else start();
  };
  const onChange = (file: string) => {
    if (!restartsServer(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.log(`${file} changed: starting again.`);
      restart();
    }, settleMs);
  };
  const watcher = watchTree(root, { isIgnored: (file) => ignoredFiles.test(file), onChange });
  start();
  return new Promise((done) => {
    const stop = () => {
      stopping = true;
      watcher.close();
      clearTimeout(timer);
      if (!child) return done(0);
      child.once("exit", () => done(0));
      child.kill("SIGTERM");
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
}
