// The folders through which models are spoken to, when hosts and their owner are killed in one moment.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, it } from "node:test";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "times/1", timesModel(2));
after(() => rmSync(root, { recursive: true, force: true }));
const place = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const foldersOf = (pid: number) => readdirSync(place).filter((name) => new RegExp(`^cortado-host-\\w+-${pid}-`).test(name));

const program = `
import { ModelServer } from "cortado/serving";
const server = new ModelServer({ directories: [${JSON.stringify(root)}], log: { info() {}, warn() {} } });
await server.start();
await server.settled();
console.log(server.hosts.processIds().join(" "));
setInterval(() => {}, 1000);
`;

const started: ChildProcess[] = [];
after(() => started.forEach((child) => child.kill("SIGKILL")));

/** A process that serves a model, and the processes of its hosts. */
async function startOwner(): Promise<{ child: ChildProcess; hosts: number[] }> {
  const argv = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", program];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "inherit"] });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout! })) return { child, hosts: line.split(" ").map(Number) };
  throw new Error("The process ended before it served.");
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Runs a command where the folder in memory is small, or may not be written to. */
function withMemoryFolder(options: string, command: readonly string[]) {
  const mount = `mount -t tmpfs -o ${options} tmpfs /dev/shm && exec "$@"`;
  return spawnSync("unshare", ["-rm", "sh", "-c", mount, "sh", ...command], { encoding: "utf8", timeout: 60_000 });
}

const isPossible = withMemoryFolder("ro", ["true"]).status === 0;

describe("the folders of hosts", () => {
  for (const [what, options] of [
    ["are elsewhere where the one in memory may not be written to", "ro"],
    ["are elsewhere where the one in memory has room for no more files", "nr_inodes=1"],
    ["may be too small for what is run, which goes another way", "size=64k"],
  ] as const) {
    it(what, { skip: isPossible ? false : "this system lets a test mount no disk of its own" }, () => {
      const run = `
import { ModelServer, tensor } from "cortado/serving";
const server = new ModelServer({ directories: [${JSON.stringify(root)}] });
await server.start();
const { outputs } = await server.infer("times", { x: tensor("float32", new Float32Array(40_000).fill(3), [20_000, 2]) });
console.log(outputs[0].y.data.every((each) => each === 6));
await server.close();`;
      const argv = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", run];
      const { stdout, stderr } = withMemoryFolder(options, [process.execPath, ...argv]);
      assert.equal(stdout, "true\n", stderr);
    });
  }

  /** How a program ends that loads the model on servers, one after the other, where a folder has room for so many files. */
  function loadedWhere(files: number, { at, servers = 1, shared }: { at: string; servers?: number; shared?: string }): string {
    const run = `
import { ModelServer } from "cortado/serving";
const hosts = { shared: ${JSON.stringify(shared)} };
const open = () => new ModelServer({ directories: [${JSON.stringify(root)}], hosts, log: { info() {}, warn() {} } });
const servers = Array.from({ length: ${servers} }, open);
for (const server of servers) {
  await server.start();
  const told = await server.load("times").then(() => ({ code: "loaded" }), (error) => error);
  const { code, message, hint, cause } = told;
  console.log(JSON.stringify({ code, message, hint, cause: cause?.code }));
}
for (const server of servers) await server.close();`;
    const argv = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", run];
    const mount = `mount -t tmpfs -o mode=700,nr_inodes=${files} tmpfs ${at} && exec "$@"`;
    const command = ["-rm", "sh", "-c", mount, "sh", process.execPath, ...argv];
    const { stdout, stderr } = spawnSync("unshare", command, { encoding: "utf8", timeout: 60_000 });
    assert.ok(stdout, stderr);
    return stdout;
  }

  /** What who loads a model is told. */
  function assertTold(line: string, folder: RegExp): void {
    const { cause, ...told } = JSON.parse(line);
    refusal({
      code: "SERVING_VERSION_FAILED",
      message: /^Version 1 .+ does not load: There is no room in .+ for the files through which models are spoken to\.$/,
      hint: "Make room there, for bytes and for files: df and df -i tell what is left. In Docker, /dev/shm is as large as --shm-size says.",
    })(told);
    assert.match(told.message, folder);
    assert.equal(cause, "SERVING_NO_ROOM_FOR_HOSTS");
  }

  const skip = isPossible ? false : "this system lets a test mount no disk of its own";

  it("that have no room for what models are spoken to through are told, with what to mend", { skip }, () => {
    for (const files of [3, 4, 5]) assertTold(loadedWhere(files, { at: "/dev/shm" }), /no room in cortado-host-/);
  });

  it("that have no room for another process's share of a model are told to that process", { skip }, () => {
    const shared = join(temporaryFolder(), "hosts");
    const [first, second] = loadedWhere(8, { at: "/dev/shm", servers: 2, shared }).split("\n");
    assert.equal(first, '{"code":"loaded"}');
    assertTold(second!, /no room in cortado-host-/);
  });

  it("are told, too, where the one through which processes share a host has no room", { skip }, () => {
    const at = temporaryFolder();
    for (const files of [1, 2, 3, 4]) assertTold(loadedWhere(files, { at, shared: join(at, "hosts") }), /no room in hosts /);
  });

  it(
    "are swept by the next start where host and owner were killed together, and left alone where the owner lives",
    { timeout: 60_000 },
    async () => {
      const killed = await startOwner();
      const living = await startOwner();
      // A host that was stopped cannot tidy up when its owner goes.
      for (const pid of killed.hosts) process.kill(pid, "SIGSTOP");
      await end(killed.child);
      for (const pid of killed.hosts) process.kill(pid, "SIGKILL");
      assert.equal(foldersOf(killed.child.pid!).length, 1);
      await startOwner();
      assert.equal(foldersOf(killed.child.pid!).length, 0);
      assert.equal(foldersOf(living.child.pid!).length, 1);
    },
  );
});
