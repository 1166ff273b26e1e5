import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import { handler, ModelServer } from "cortado/serving";
import { loopModel, memoryModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "memory/1", memoryModel());
putModel(root, "endless/1", loopModel());

const limit = 500 * 2 ** 20;
const names = ["double", "memory"];
const warnings: string[] = [];
const server = new ModelServer({
  handlers: [
    ...names.map((name) => handler({ name, source: `file:${name}` })),
    handler({ name: "endless", source: "file:endless", deadline: 200 }),
  ],
  root,
  hosts: { memory: limit },
  log: { info() {}, warn: (message) => void warnings.push(message) },
});
before(async () => {
  await server.start();
  await server.settled();
});
after(() => server.close());

const double = async (x: number) => (await server.predict("double", [{ x: [x, x] }])).outputs[0];
const tooLarge = () => server.predict("memory", [{ size: [600_000_000] }]);

describe("a host that is killed while a version is loaded", () => {
  it("is started again, once more in a host of the version's own, and the version is ready", async (t) => {
    const root = temporaryFolder();
    putModel(root, "double/1", timesModel(2));
    const server = new ModelServer({ directories: [root] });
    t.after(() => server.close());
    await server.start();
    const seen = new Set<number>();
    // The first one tries the version.
    while (seen.size < 3) {
      for (const processId of server.hosts.processIds()) {
        if (!seen.has(processId) && seen.size > 0) process.kill(processId, "SIGKILL");
        seen.add(processId);
      }
      await immediate();
    }
    assert.deepEqual((await server.predict("double", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    assert.equal(server.hosts.losses, 2);
  });
});

describe("a host that grows too large", () => {
  it("is ended, the model named, and other models' requests are sent again", async () => {
    let stop = false;
    const others = (async () => {
      for (let x = 0; !stop; x++) assert.deepEqual(await double(x), { y: [2 * x, 2 * x] });
    })();
    await assert.rejects(
      tooLarge(),
      refusal({
        code: "SERVING_OVER_MEMORY",
        message: 'The model "memory" needed more memory for this prediction than the 500 MB that it may have.',
      }),
    );
    stop = true;
    await others;
    assert.match(
      warnings.find((warning) => warning.includes("occupied"))!,
      /^The model "(memory|double)" is loaded again, in a process of its own: its process ended \(it occupied \d+ MB, and 500 MB are allowed\)\.$/,
    );
    assert.deepEqual((await server.predict("memory", [{ size: [10] }])).outputs, [{ sum: 10 }]);
  });
});

describe("a model that fails again and again", () => {
  it("is left alone for a while, is told so in the listing, and answers again afterwards", async () => {
    for (let i = 0; i < 3; i++) await assert.rejects(tooLarge(), refusal({ code: "SERVING_OVER_MEMORY" }));
    await assert.rejects(
      server.predict("memory", [{ size: [10] }]),
      refusal({
        code: "SERVING_MODEL_BROKEN",
        message:
          /^The model "memory" failed again and again, and is left alone for [1-5] s: its process ended \(it occupied \d+ MB, and 500 MB are allowed\)\.$/,
        hint: "It is tried again by itself. Predict with another version meanwhile, or promote one.",
      }),
    );
    const [version] = server.versions("memory");
    assert.equal(version!.state, "failed");
    assert.match(version!.error!, /its process ended/);
    assert.equal(server.describe("memory").ready, false);
    assert.deepEqual(await double(4), { y: [8, 8] });
    const deadline = performance.now() + 20_000;
    for (;;) {
      const answer = await server.predict("memory", [{ size: [10] }]).catch((error: Error) => error);
      if (!(answer instanceof Error)) break;
      assert.ok(performance.now() < deadline, answer.message);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.equal(server.versions("memory")[0]!.state, "ready");
    assert.equal(server.describe("memory").ready, true);
  });

  it("by hanging costs nobody else an answer", async () => {
    const codes = new Set<string>();
    for (let i = 0; i < 100 && !codes.has("SERVING_MODEL_BROKEN"); i++) {
      const [hung, other] = await Promise.allSettled([server.predict("endless", [{ count: 2 ** 40 }]), double(i)]);
      codes.add((hung as PromiseRejectedResult).reason.code);
      assert.deepEqual((other as PromiseFulfilledResult<unknown>).value, { y: [2 * i, 2 * i] });
    }
    assert.deepEqual([...codes], ["SERVING_DEADLINE", "SERVING_MODEL_BROKEN"]);
    assert.match(server.versions("endless")[0]!.error!, /^runs took longer than 200 ms$/);
  });
});

describe("a model whose file is not what it was", () => {
  it("answers while its host lives, and says why when it cannot be loaded again", async () => {
    const folder = temporaryFolder();
    const place = putModel(folder, "double/1", timesModel(2));
    const other = new ModelServer({ directories: [folder] });
    await other.start();
    await other.settled();
    writeFileSync(join(place, "model.onnx"), "not a model any more");
    assert.deepEqual((await other.predict("double", [{ x: [1, 1] }])).outputs, [{ y: [2, 2] }]);
    for (const processId of other.hosts.processIds()) process.kill(processId, "SIGKILL");
    await assert.rejects(
      async () => {
        for (let i = 0; i < 50; i++) await other.predict("double", [{ x: [1, 1] }]);
      },
      refusal({
        code: "SERVING_HOST_LOAD",
        message: /^The model "double" could not be loaded again: [^/]*model\.onnx failed[^/]*$/,
        hint: "Its files may have changed or gone; publish the version anew.",
      }),
    );
    await other.close();
  });
});

describe("a host that cannot be started", () => {
  it("fails the version with the reason instead of being waited for", async () => {
    const { execPath } = process;
    const other = new ModelServer({ handlers: [handler({ name: "double", source: "file:double" })], root });
    process.execPath = join(root, "no-such-node");
    try {
      await other.start();
      await other.settled();
    } finally {
      process.execPath = execPath;
    }
    const [version] = other.versions("double");
    assert.equal(version!.state, "failed");
    assert.match(version!.error!, /its process ended \(spawn no-such-node ENOENT\)/);
    await other.close();
  });
});
