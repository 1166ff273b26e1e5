import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "node:test";
import { ModelServer } from "cortado/serving";
import { perceptron, putModel, temporaryFolder } from "../models.ts";

const skip = process.platform === "linux" ? false : "memory is read from /proc";
const residentMegabytes = (processId: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${processId}/status`, "utf8"))![1]) / 1024;

describe("the memory of model hosts", { skip }, () => {
  it("stays flat over fifty new versions, and no prediction fails meanwhile", async () => {
    const root = temporaryFolder();
    const model = perceptron([784, 2048, 1024, 10]);
    putModel(root, "layers/1", model);
    const server = new ModelServer({ directories: [root] });
    await server.start();
    await server.settled();
    const item = { image: Array.from({ length: 784 }, () => 0.5) };
    let stop = false;
    const client = (async () => {
      while (!stop) {
        await server.predict("layers", [item]);
        await sleep(5);
      }
    })();
    for (let version = 2; version <= 51; version++) {
      putModel(root, `layers/${version}`, model);
      for (let i = 0; server.describe("layers").aliases["default"] !== String(version); i++) {
        assert.ok(i < 500, `version ${version} does not become the default`);
        await server.refresh();
        await sleep(10);
      }
    }
    await sleep(2500);
    stop = true;
    await client;
    const total = server.hosts.processIds().reduce((sum, processId) => sum + residentMegabytes(processId), 0);
    await server.close();
    assert.ok(total < 600, `the hosts occupy ${total} MB`);
  });
});
