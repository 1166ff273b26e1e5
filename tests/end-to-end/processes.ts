import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

/** A server that a test started, and its address. */
export interface Served {
  url: string;
  output(): string;
  child: ChildProcess;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const startMs = 240_000;

/** Starts a server, waits until it prints `pattern`, and answers the first http address in it. */
export function startServer(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { pattern: RegExp },
): Promise<Served> {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  const stop = (signal: NodeJS.Signals = "SIGTERM") =>
    new Promise<void>((done) => {
      if (child.exitCode !== null || child.signalCode !== null) return done();
      child.once("exit", () => done());
      process.kill(-child.pid!, signal);
    });
  return new Promise((done, failed) => {
    const timer = setTimeout(
      () => stop("SIGKILL").then(() => failed(new Error(`It did not start in time:\n${output}`))),
      startMs,
    );
    const read = (text: Buffer) => {
      output += text;
      const found = options.pattern.exec(output);
      if (!found) return;
      clearTimeout(timer);
      done({ url: /http:\/\/[^\s/]+/.exec(found[0])![0], output: () => output, child, stop });
    };
    child.stdout!.on("data", read);
    child.stderr!.on("data", read);
    child.once("exit", (code) => {
      clearTimeout(timer);
      failed(new Error(`It ended with ${code}:\n${output}`));
    });
  });
}
