/**
 * Starts a PostgreSQL server for tests, on a free loopback port, in a folder that goes away with it.
 *
 *   node scripts/start-postgres.ts -- node --conditions=cortado-source --test tests/orm/*.test.ts
 *
 * runs the command with CORTADO_TEST_POSTGRES set. Debian's `postgresql` is installed when it is missing.
 */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";

/** Debian keeps `runuser` and what installing needs in folders that a user's PATH may lack. */
const env = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };

/** A running server. */
export interface TestPostgres {
  readonly url: string;
  /** Ends it at once, as a crash does. */
  crash(): void;
  /** Starts it again after a crash. */
  restart(): void;
  stop(): void;
}

/** Starts a server; `stop` ends it and removes its files. With `durable`, what it has committed outlives a crash of it. */
export async function startPostgres({ durable = false } = {}): Promise<TestPostgres> {
  const binaries = findBinaries() ?? install();
  const directory = mkdtempSync(join(tmpdir(), "cortado-postgres-"));
  const data = join(directory, "data");
  const port = await freePort();
  const asRoot = process.getuid?.() === 0;
  if (asRoot) giveToPostgres(directory);
  const run = (command: string, ...args: string[]) => {
    const file = join(binaries, command);
    if (asRoot) execFileSync("runuser", ["-u", "postgres", "--", file, ...args], { stdio: "ignore", cwd: directory, env });
    else execFileSync(file, args, { stdio: "ignore", cwd: directory });
  };
  run("initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
  const settings = `-p ${port} -h 127.0.0.1 -k ${directory} -c fsync=off -c full_page_writes=off${durable ? "" : " -c synchronous_commit=off"}`;
  const restart = () => run("pg_ctl", "-D", data, "-w", "-l", join(directory, "log"), "-o", settings, "start");
  const crash = () => run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop");
  const stop = () => {
    crash();
    rmSync(directory, { recursive: true, force: true });
  };
  restart();
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, crash, restart, stop };
}

/** The newest installed server's folder, where Debian keeps it. */
function findBinaries(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(root, version, "bin")).find((folder) => existsSync(join(folder, "initdb")));
}

function install(): string {
  execFileSync("apt-get", ["update", "-qq"], { stdio: "inherit", env });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "postgresql"], {
    stdio: "inherit",
    env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const found = findBinaries();
  if (found === undefined) throw new Error("PostgreSQL was installed, but its programs are not under /usr/lib/postgresql.");
  return found;
}

function giveToPostgres(directory: string): void {
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  chownSync(directory, id("-u"), id("-g"));
}

async function main(): Promise<void> {
  const at = process.argv.indexOf("--");
  const [command, ...args] = at < 0 ? [] : process.argv.slice(at + 1);
  const { url, stop } = await startPostgres();
  if (command === undefined) {
    console.log(`${url}\nCtrl+C stops it.`);
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    setInterval(() => undefined, 1 << 30);
    return;
  }
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, CORTADO_TEST_POSTGRES: url } });
  child.once("exit", (code) => {
    stop();
    process.exitCode = code ?? 1;
  });
}

if (import.meta.main) await main();
