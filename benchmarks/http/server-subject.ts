import { setTimeout as pause } from "node:timers/promises";
import type { Subject } from "../measure.ts";
import { type Load, sendLoad } from "./load.ts";
import type { StartedServer } from "./started-server.ts";

/** What a model is asked by is compiled later than a plain route: it runs once for many requests. */
const warmUpSeconds = 3;
const windowSeconds = 0.4;

export interface ServerOptions extends Load {
  start: () => Promise<StartedServer>;
  /** CPU microseconds of the server's process a request, requests a second, or milliseconds in which so many answers came. */
  measure: "cpu" | "rate" | "median" | "p99" | "memory";
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
      const server = await options.start();
      try {
        await untilAnswers(server.port, options);
        await sendLoad(server.port, options, warmUpSeconds);
      } catch (error) {
        await server.close();
        throw error;
      }
      return { run: () => measureWindow(server, options), close: () => server.close() };
    },
  };
}

/** A subject whose figure is the milliseconds from the start of its process to its first answer. */
export function startSubject(name: string, options: Omit<ServerOptions, "measure">): Subject {
  const run = async () => {
    const started = performance.now();
    const server = await options.start();
    try {
      await untilAnswers(server.port, options);
      return performance.now() - started;
    } finally {
      await server.close();
    }
  };
  // Once before: what is built or compiled on the first start is not counted.
  const open = async () => {
    await run();
    return { run };
  };
  return { name, open };
}

async function measureWindow(server: StartedServer, options: ServerOptions): Promise<number> {
  const before = options.measure === "cpu" ? await server.cpu!() : 0;
  const { times, seconds } = await sendLoad(server.port, options, windowSeconds);
  if (options.measure === "rate") return times.length / seconds;
  if (options.measure === "memory") return (await server.memory!()) / 1e6;
  if (options.measure === "cpu") return ((await server.cpu!()) - before) / times.length;
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length * (options.measure === "median" ? 0.5 : 0.99))]!;
}

/** Some listen before their model is there. */
async function untilAnswers(port: number, options: Question): Promise<void> {
  const patience = performance.now() + 60_000;
  for (;;) {
    try {
      return await verify(port, options);
    } catch (error) {
      if (performance.now() > patience) throw error;
      await pause(50);
    }
  }
}

type Question = Pick<ServerOptions, "path" | "method" | "body" | "headers" | "expect">;

async function verify(port: number, { path, method = "GET", body, headers, expect }: Question): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body, headers });
  const text = await response.text();
  if (response.status !== 200 || !text.includes(expect)) throw new Error(`it answers ${response.status} ${text.slice(0, 200)}`);
}
