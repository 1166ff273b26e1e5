import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type AliasStore, type AliasTable, DiskAliasStore, handler, ModelServer, type ModelServerOptions } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { factor, publish, states, until, withServer } from "./served.ts";

/** A store that says that `default` is pinned to a version. */
function pinnedTo(version: string, read: AliasStore["read"] = async () => table(version)): AliasStore {
  return { read, update: async () => null };
}

function table(version: string): AliasTable {
  return { times: { default: { version, history: [] } } };
}

/** Starts a server, and asks it at once and all the time until everything is loaded: which versions answer? */
async function answering(options: ModelServerOptions): Promise<string[]> {
  const server = new ModelServer(options);
  await server.start();
  const seen = new Set<string>();
  const settled = server.settled();
  for (let i = 0; i < 20; i++) seen.add((await server.predict("times", [{ x: [1, 1] }])).version);
  await settled;
  seen.add((await server.predict("times", [{ x: [1, 1] }])).version);
  await server.close();
  return [...seen];
}

describe("a process that starts where `default` is pinned", () => {
  it("answers with the pinned version from the first request on", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2");
    const file = join(temporaryFolder(), "aliases.json");
    await new DiskAliasStore(file).update("times", "default", () => ({ version: "1", history: ["2"] }));
    for (let i = 0; i < 3; i++)
      assert.deepEqual(await answering({ directories: [root], aliases: new DiskAliasStore(file) }), ["1"]);
    const times = handler({ name: "times", source: "file:times" });
    assert.deepEqual(await answering({ root, handlers: [times], aliases: new DiskAliasStore(file) }), ["1"]);
    assert.deepEqual(await answering({ directories: [root], loading: "lazy", aliases: pinnedTo("1") }), ["1"]);
  });

  it("is ready when the pinned version is, without being asked", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2");
    await withServer({ directories: [root], aliases: pinnedTo("1") }, async (server) => {
      assert.equal(server.describe("times").ready, true);
      assert.deepEqual(states(server), ["2 ready", "1 ready"]);
    });
    await withServer({ directories: [root], loading: "lazy", aliases: pinnedTo("1") }, async (server) => {
      assert.equal(server.describe("times").ready, true);
      assert.deepEqual(states(server), ["2 unloaded", "1 unloaded"]);
    });
  });

  it("is not ready, and answers with no other version, when the pinned one does not load; and comes back when it is mended", async () => {
    const root = temporaryFolder();
    putModel(root, "times/1", Buffer.from("no model"));
    await publish(root, "2");
    await withServer({ directories: [root], aliases: pinnedTo("1") }, async (server) => {
      assert.equal(server.describe("times").ready, false);
      await assert.rejects(factor(server), { code: "SERVING_VERSION_FAILED" });
      putModel(root, "times/1", timesModel(1));
      await until(() => server.describe("times").ready, "the mended version");
      assert.equal(await factor(server), 1);
    });
  });

  it("takes the pin at once when its store answers only later", async () => {
    const root = temporaryFolder();
    putModel(root, "times/1", timesModel(1));
    await publish(root, "2");
    let down = true;
    const read = async () => {
      if (down) throw new Error("the database is not reached");
      return table("1");
    };
    await withServer({ directories: [root], aliases: pinnedTo("1", read) }, async (server) => {
      assert.equal(await factor(server), 2);
      down = false;
      await until(async () => (await factor(server)) === 1, "the pin");
    });
  });
});
