import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ModelServer } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

interface Reply {
  id: number;
  output?: { y: number[] };
  problem?: string;
  processIds: number[];
}

/** One web process. */
class WebProcess {
  readonly child: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;

  constructor(directory: string, shared: string) {
    const path = fileURLToPath(new URL("./shared-process.ts", import.meta.url));
    this.child = fork(path, [directory, shared], { execArgv: ["--conditions=cortado-source"] });
    this.ready = new Promise((resolve) => this.#waiting.set(0, resolve));
    this.child.on("message", (reply: Reply) => this.#waiting.get(reply.id)!(reply));
  }

  ask(x: number): Promise<Reply> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.child.send({ id, x });
    });
  }

  async close(): Promise<void> {
    if (!this.child.connected) return;
    this.child.disconnect();
    await once(this.child, "exit");
  }
}

const skip = process.platform === "win32" ? "Windows has no private folders of this kind" : false;

describe("web processes that share a host", { skip }, () => {
  const root = temporaryFolder();
  putModel(root, "double/1", timesModel(2));
  const shared = join(temporaryFolder(), "hosts");
  const processes = [0, 1, 2].map(() => new WebProcess(root, shared));
  after(() => Promise.all(processes.map((each) => each.close())));

  it("hold one copy of a model, in a folder of their user's own", async () => {
    await Promise.all(processes.map(({ ready }) => ready));
    const replies = await Promise.all(processes.map((each, i) => each.ask(i)));
    assert.deepEqual(
      replies.map(({ output }) => output),
      [{ y: [0, 0] }, { y: [2, 2] }, { y: [4, 4] }],
    );
    assert.equal(replies.flatMap(({ processIds }) => processIds).length, 1);
    assert.equal(statSync(shared).mode & 0o777, 0o700);
  });

  it("notice neither the end of the host's owner nor that of the host", async () => {
    const owned = async (of: WebProcess[]) => {
      const replies = await Promise.all(of.map((each) => each.ask(1)));
      return replies.map(({ processIds }) => processIds);
    };
    const held = await owned(processes);
    const owner = processes[held.findIndex((processIds) => processIds.length > 0)]!;
    const others = processes.filter((each) => each !== owner);
    let stop = false;
    const clients = others.map(async (each) => {
      for (let x = 0; !stop; x++) {
        const { output, problem } = await each.ask(x);
        assert.deepEqual(output, { y: [2 * x, 2 * x] }, problem);
      }
    });
    owner.child.kill("SIGKILL");
    await once(owner.child, "exit");
    for (let x = 0; x < 20; x++) assert.deepEqual((await others[0]!.ask(x)).output, { y: [2 * x, 2 * x] });
    const [host, ...more] = (await owned(others)).flat();
    assert.deepEqual(more, []);
    process.kill(host!, "SIGKILL");
    for (let x = 0; x < 20; x++) assert.deepEqual((await others[1]!.ask(x)).output, { y: [2 * x, 2 * x] });
    stop = true;
    await Promise.all(clients);
  });

  it("make the folder anew that is taken away, and are one again", { timeout: 60_000 }, async () => {
    const directory = join(temporaryFolder(), "hosts");
    const some = [0, 1].map(() => new WebProcess(root, directory));
    processes.push(...some);
    await Promise.all(some.map(({ ready }) => ready));
    rmSync(directory, { recursive: true });
    const late = new WebProcess(root, directory);
    processes.push(late);
    await late.ready;
    const held = async () => (await Promise.all([...some, late].map((each) => each.ask(1)))).flatMap((each) => each.processIds);
    while ((await held()).length !== 1) await sleep(100);
  });

  it("refuse a folder that others may enter, as long as they may", async () => {
    const open = join(temporaryFolder(), "open");
    mkdirSync(open);
    chmodSync(open, 0o755);
    const server = new ModelServer({ directories: [root], hosts: { shared: open } });
    await server.start();
    await server.settled();
    const [version] = server.versions("double");
    assert.equal(version!.state, "failed", "SERVING_UNSAFE_FOLDER");
    assert.match(version!.error!, /^The folder open is not this user's alone, so hosts cannot be shared through it\.$/);
    await assert.rejects(server.predict("double", [{ x: [1, 1] }]), refusal({ code: "SERVING_NOT_READY" }));
    chmodSync(open, 0o700);
    await server.load("double");
    assert.deepEqual((await server.predict("double", [{ x: [1, 1] }])).outputs, [{ y: [2, 2] }]);
    await server.close();
  });
});

describe("web processes whose shared host's owner is stopped", { skip }, () => {
  const root = temporaryFolder();
  putModel(root, "double/1", timesModel(2));
  const shared = join(temporaryFolder(), "hosts");
  const processes = [0, 1, 2].map(() => new WebProcess(root, shared));
  const stopped: number[] = [];
  after(async () => {
    for (const processId of stopped) signal(processId, "SIGCONT");
    await Promise.all(processes.map((each) => each.close()));
  });

  const hostsOf = async (of: WebProcess[]) =>
    (await Promise.all(of.map((each) => each.ask(1)))).map(({ processIds }) => processIds);

  it("choose another, which the first one joins when it goes on", { timeout: 120_000 }, async () => {
    await Promise.all(processes.map(({ ready }) => ready));
    const held = await hostsOf(processes);
    const owner = processes[held.findIndex(({ length }) => length > 0)]!;
    const others = processes.filter((each) => each !== owner);
    stopped.push(owner.child.pid!, ...held.flat());
    for (const processId of stopped) signal(processId, "SIGSTOP");

    const replies = await Promise.all(others.map((each, i) => each.ask(i)));
    assert.deepEqual(
      replies.map(({ output, problem }) => problem ?? output),
      [{ y: [0, 0] }, { y: [2, 2] }],
    );
    const late = new WebProcess(root, shared);
    processes.push(late);
    await late.ready;
    const [chosen, ...more] = (await hostsOf([...others, late])).flat();
    assert.deepEqual(more, []);

    for (const processId of stopped) signal(processId, "SIGCONT");
    while ((await owner.ask(5)).processIds.length > 0) await sleep(100);
    assert.deepEqual((await owner.ask(6)).output, { y: [12, 12] });
    assert.deepEqual((await hostsOf(processes)).flat(), [chosen]);
  });
});

function signal(processId: number, name: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(processId, name);
  } catch {
    // It has ended.
  }
}
