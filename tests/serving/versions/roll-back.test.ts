import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { factor, publish, withServer } from "./served.ts";

async function folderOf(...versions: string[]): Promise<string> {
  const root = temporaryFolder();
  for (const version of versions) await publish(root, version);
  return root;
}

describe("rolling back", () => {
  it("points an alias at the version that it named before, and before that", async () => {
    await withServer({ directories: [await folderOf("1", "2", "3")] }, async (server) => {
      for (const version of ["2", "1", "3"]) await server.setAlias("times", "champion", { version });
      assert.equal((await server.rollBack("times", "champion")).version, "1");
      assert.equal(await factor(server, { alias: "champion" }), 1);
      assert.equal((await server.rollBack("times", "champion")).version, "2");
      assert.equal(await factor(server, { alias: "champion" }), 2);
    });
  });

  it("pins an unpinned default to the version below the newest", async () => {
    await withServer({ directories: [await folderOf("1", "2", "3")] }, async (server) => {
      assert.equal(await factor(server), 3);
      assert.equal((await server.rollBack("times")).version, "2");
      assert.equal(await factor(server), 2);
      assert.equal((await server.rollBack("times")).version, "1");
      assert.equal(await factor(server), 1);
    });
  });

  it("ends a canary first", async () => {
    await withServer({ directories: [await folderOf("1", "2")] }, async (server) => {
      await server.setAlias("times", "default", { version: "1", canary: { version: "2", percent: 100 } });
      assert.equal(await factor(server), 2);
      const target = await server.rollBack("times");
      assert.deepEqual([target.version, target.canary], ["1", undefined]);
      assert.equal(await factor(server), 1);
    });
  });

  it("passes over versions that are gone or do not load", async () => {
    const root = await folderOf("1", "2", "4");
    await publish(root, "3", { bytes: Buffer.from("no model") });
    await withServer({ directories: [root] }, async (server) => {
      for (const version of ["1", "2", "4"]) await server.setAlias("times", "champion", { version });
      rmSync(join(root, "times/2"), { recursive: true });
      await server.refresh();
      assert.equal((await server.rollBack("times", "champion")).version, "1");
    });
  });

  it("twice at once goes back once", async () => {
    await withServer({ directories: [await folderOf("1", "2", "3")] }, async (server) => {
      for (const version of ["1", "2", "3"]) await server.setAlias("times", "default", { version });
      const [one, two] = await Promise.all([server.rollBack("times"), server.rollBack("times")]);
      assert.deepEqual([one.version, two.version], ["2", "2"]);
    });
  });

  it("without an earlier version says so", async () => {
    await withServer({ directories: [await folderOf("1")] }, async (server) => {
      await assert.rejects(
        server.rollBack("times"),
        refusal({
          code: "SERVING_NO_EARLIER_VERSION",
          message: 'The alias "default" of the model "times" cannot go back from version 1: no earlier version can answer.',
          hint: "Point it at a version by name, or add one.",
        }),
      );
      await assert.rejects(server.rollBack("times", "champion"), refusal({ code: "SERVING_UNKNOWN_ALIAS" }));
    });
  });
});
