/**
 * Starts a Redis server for tests, on a free loopback port, that keeps nothing on disk.
 *
 *   node scripts/start-redis.ts -- node --conditions=cortado-source --test tests/cache/*.test.ts
 *
 * runs the command with CORTADO_TEST_REDIS set. It needs Debian's `redis-server`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** A running server. */
export interface TestRedis {
  readonly url: string;
  stop(): Promise<void>;
}

export interface StartRedisOptions {
  /** The port of another one, of which it holds a copy. */
  replicaOf?: number;
  /** A free one where left out. */
  port?: number;
}

/** Starts a server, and answers when it takes connections. */
export async function startRedis({ replicaOf, port: given }: StartRedisOptions = {}): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), "cortado-redis-"));
  const port = given ?? (await freePort());
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", directory];
  if (replicaOf !== undefined) options.push("--replicaof", "127.0.0.1", String(replicaOf), "--repl-diskless-sync-delay", "0");
  const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
  await started(server);
  const stop = async () => {
    const ended = once(server, "exit");
    if (server.exitCode === null && server.kill("SIGKILL")) await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

async function started(server: ChildProcess): Promise<void> {
  let log = "";
  for await (const chunk of server.stdout!) {
    log += chunk;
    if (log.includes("Ready to accept connections")) {
      server.stdout!.resume();
      return;
    }
  }
  throw new Error(`The Redis server did not start:\n${log}`);
}

async function main(): Promise<void> {
  const at = process.argv.indexOf("--");
  const [command, ...args] = at < 0 ? [] : process.argv.slice(at + 1);
  const { url, stop } = await startRedis();
  if (command === undefined) {
    console.log(`${url}\nCtrl+C stops it.`);
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void stop());
    return;
  }
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, CORTADO_TEST_REDIS: url } });
  const [code] = (await once(child, "exit")) as [number | null];
  await stop();
  process.exitCode = code ?? 1;
}

if (import.meta.main) await main();
