import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Subject } from "../measure.ts";
import { type Load, sendLoad } from "./load.ts";

const warmUpSeconds = 1.2;
const windowSeconds = 0.4;

interface ServerOptions extends Load {
  /** The file that exports `servers`: a function a subject that listens and answers its port. */
  file: string;
  /** What counts: CPU microseconds of the server's process a request, or requests a second. */
  measure: "cpu" | "rate";
  /** What an answer must contain, so that nobody is fast at answering something else. */
  expect: string;
}

/**
 * A subject that is a server in a process of its own, asked from this one. CPU time a request is what a busy machine
 * changes least; the rate of requests also counts what the server waits for.
 */
export function serverSubject(name: string, options: ServerOptions): Subject {
  return {
    name,
    async open() {
      const server = await startServer(options.file, name);
      await verify(server.port, options);
      await sendLoad(server.port, options, warmUpSeconds);
      return {
        run: async () => {
          const before = await server.cpu();
          const { requests, seconds } = await sendLoad(server.port, options, windowSeconds);
          return options.measure === "rate" ? requests / seconds : ((await server.cpu()) - before) / requests;
        },
        close: () => server.close(),
      };
    },
  };
}

interface StartedServer {
  port: number;
  /** The CPU microseconds that its process has taken. */
  cpu(): Promise<number>;
  close(): Promise<void>;
}

/** Starts a server; what it complains about is told when it does not come up. */
async function startServer(file: string, name: string): Promise<StartedServer> {
  const child = fork(join(import.meta.dirname, "server-process.ts"), [file, name], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  let complaints = "";
  child.stderr!.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const exited = once(child, "exit");
  const ended = exited.then(() => Promise.reject(new Error(`its process ended: ${complaints.trim().slice(-400)}`)));
  ended.catch(() => {});
  const reply = async <T>(): Promise<T> => (await Promise.race([once(child, "message"), ended]))[0] as T;
  const { port } = await reply<{ port: number }>();
  return {
    port,
    async cpu() {
      child.send("cpu");
      return (await reply<{ cpu: number }>()).cpu;
    },
    async close() {
      child.disconnect();
      await exited;
    },
  };
}

async function verify(port: number, { path, method = "GET", body, headers, expect }: ServerOptions): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
  const text = await response.text();
  if (response.status !== 200 || !text.includes(expect)) throw new Error(`it answers ${response.status} ${text.slice(0, 200)}`);
}
