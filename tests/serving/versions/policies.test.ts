import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { handler } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, until, withServer } from "./served.ts";

async function folderOf(...versions: string[]): Promise<string> {
  const root = temporaryFolder();
  for (const version of versions) await publish(root, version);
  return root;
}

describe("which versions are served", () => {
  it("is all of them by default, the older ones loaded when they are asked for", async () => {
    await withServer({ directories: [await folderOf("1", "2", "3")] }, async (server) => {
      assert.deepEqual(server.describe("times").versions, ["3", "2", "1"]);
      assert.equal(await factor(server, { version: "1" }), 1);
    });
  });

  it("is the newest so many: others are as if they were not there", async () => {
    const root = await folderOf("1", "2", "3");
    await withServer({ directories: [root], versions: { latest: 2 } }, async (server) => {
      assert.deepEqual(server.describe("times").versions, ["3", "2"]);
      await assert.rejects(
        factor(server, { version: "1" }),
        refusal({ code: "SERVING_UNKNOWN_VERSION", message: 'The model "times" has no version "1". It has: 3, 2.' }),
      );
      await publish(root, "4");
      await until(() => server.describe("times").aliases["default"] === "4");
      assert.deepEqual(server.describe("times").versions, ["4", "3"]);
      assert.equal(await factor(server), 4);
    });
  });

  it("is these, whatever else there is", async () => {
    const root = await folderOf("1", "2", "3");
    const times = handler({ name: "times", source: "file:times", versions: ["1", "3"] });
    await withServer({ root, handlers: [times] }, async (server) => {
      assert.deepEqual(server.describe("times").versions, ["3", "1"]);
      await publish(root, "4");
      await server.refresh();
      assert.equal(await factor(server), 3);
      await assert.rejects(server.setAlias("times", "default", { version: "2" }), refusal({ code: "SERVING_UNKNOWN_VERSION" }));
    });
  });

  it("keeps what an alias names, however many are newer", async () => {
    const root = await folderOf("1", "2");
    await withServer({ directories: [root], versions: { latest: 1 } }, async (server) => {
      await server.setAlias("times", "default", { version: "1" });
      await publish(root, "3");
      await until(() => server.describe("times").versions.join() === "3,1");
      assert.equal(await factor(server), 1);
      await server.removeAlias("times", "default");
      await until(() => server.describe("times").versions.join() === "3");
      assert.equal(await factor(server), 3);
    });
  });
});
