// What a model may do while it is tried, where native code lets nothing else run on its thread.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, it, type TestContext } from "node:test";
import { setImmediate as immediate, setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer } from "cortado/serving";
import { childrenOf } from "../children-of.ts";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { endlessModel } from "./endless-model.ts";
import { leaving } from "./leaving.ts";

async function failureOf(server: ModelServer, name: string): Promise<string> {
  await server.start();
  await server.settled();
  const [version] = server.versions(name);
  await server.close();
  assert.equal(version!.state, "failed");
  return version!.error!;
}

describe("a trial", () => {
  it("of a model that takes all memory and never ends is over when it has more than it may", { timeout: 60_000 }, async () => {
    const root = temporaryFolder();
    putModel(root, "grows/1", endlessModel(27));
    const quarantine = { seconds: 30, memory: 300 * 2 ** 20 };
    const problem = await failureOf(new ModelServer({ directories: [root], hosts: { quarantine } }), "grows");
    assert.match(problem, /it occupied \d+ (?:MB|GB), and 300 MB are allowed/);
  });

  it("of a model that never ends is over when its owner is killed", { timeout: 60_000 }, async (t) => {
    const root = temporaryFolder();
    putModel(root, "endless/1", endlessModel(1));
    const program = `
import { ModelServer } from "cortado/serving";
const server = new ModelServer({ directories: [${JSON.stringify(root)}] });
await server.start();
while (server.hosts.processIds().length === 0) await new Promise((done) => setTimeout(done, 10));
console.log(server.hosts.processIds().join(" "));
setTimeout(() => {}, 60_000);
`;
    const argv = ["--conditions=cortado-source", "--disable-warning=ExperimentalWarning", "--input-type=module", "-e", program];
    // Who waits for the end of its output waits for everyone who holds it.
    const owner = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "ignore"] });
    t.after(() => owner.kill("SIGKILL"));
    const [line] = (await once(createInterface({ input: owner.stdout }), "line")) as [string];
    await sleep(1000);
    assert.ok(process.kill(Number(line), 0), "it is still tried");
    owner.kill("SIGKILL");
    const since = performance.now();
    await once(owner, "close");
    t.diagnostic(`the trial's process ended ${Math.round(performance.now() - since)} ms after its owner`);
  });
});

describe("a host that is told to end before it can leave that to its owner", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`is started again after ${signal}`, async (t) => {
      const root = temporaryFolder();
      putModel(root, "double/1", timesModel(2));
      const server = new ModelServer({ directories: [root] });
      t.after(() => server.close());
      await server.start();
      while (childrenOf(process.pid).length === 0) await immediate();
      for (const child of childrenOf(process.pid)) process.kill(child, signal);
      assert.deepEqual((await server.predict("double", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
      assert.equal(server.hosts.losses, 0);
    });
  }
});

describe("a trial that somebody kills", () => {
  /** A server that tries a model, and how to kill that trial. */
  async function trying(t: TestContext) {
    const root = temporaryFolder();
    putModel(root, "double/1", timesModel(2));
    const server = new ModelServer({ directories: [root] });
    t.after(() => server.close());
    await server.start();
    const kill = async (): Promise<number> => {
      while (server.hosts.processIds().length === 0) await immediate();
      const [trial] = server.hosts.processIds();
      process.kill(trial!, "SIGKILL");
      while (server.hosts.processIds().includes(trial!)) await immediate();
      return trial!;
    };
    return { server, kill };
  }

  it("is made once more", async (t) => {
    const { server, kill } = await trying(t);
    await kill();
    assert.deepEqual((await server.predict("double", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
  });

  it("again fails the version", async (t) => {
    const { server, kill } = await trying(t);
    await kill();
    await kill();
    await assert.rejects(server.predict("double", [{ x: [1, 2] }]), /its process ended \(SIGKILL\)/);
  });
});

describe("a thread that ends by itself", () => {
  it("while its model is loaded fails the version at once", { timeout: 60_000 }, async (t) => {
    const since = performance.now();
    const problem = await failureOf(new ModelServer({ handlers: [leaving] }), "leaving");
    assert.match(problem, /^its process ended \(exit code 1\)/);
    t.diagnostic(`told after ${Math.round(performance.now() - since)} ms`);
  });

  it("leaves other models alone", async () => {
    const root = temporaryFolder();
    putModel(root, "double/1", timesModel(2));
    const beside = handler({ name: "double", source: "file:double" });
    const server = new ModelServer({ handlers: [leaving, beside], root });
    await server.start();
    assert.deepEqual((await server.predict("double", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    await server.settled();
    await server.close();
  });
});
