import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DiskRepository, type ModelRepository, ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { factor, publish, until } from "./served.ts";

/** A repository that does what the test tells it to when it is looked at. */
function repository(list: () => Promise<string[]>): ModelRepository {
  return { list, versions: async () => [] };
}

describe("several repositories", () => {
  it("go on when one of them is broken, which is said once", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    const warnings: string[] = [];
    const log = { info() {}, warn: (message: string) => void warnings.push(message) };
    const server = new ModelServer({ directories: [root], log });
    server.addRepository(repository(async () => Promise.reject(new Error("The bucket is gone."))));
    await server.start();
    try {
      await publish(root, "2");
      await until(async () => (await factor(server)) === 2);
      await sleep(600);
      assert.deepEqual(warnings, ["The models could not be looked at: The bucket is gone."]);
    } finally {
      await server.close();
    }
  });

  it("go on when one of them takes long to answer", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    let looks = 0;
    const server = new ModelServer({ directories: [root] });
    // Its first looks are quick, as at a start; then it hangs until the test is over.
    const hanging = new AbortController();
    server.addRepository(
      repository(async () => {
        if (++looks > 2) await new Promise((resolve) => hanging.signal.addEventListener("abort", resolve));
        return [];
      }),
    );
    await server.start();
    try {
      for (const version of ["2", "3"]) {
        await publish(root, version);
        await until(async () => (await factor(server)) === Number(version), `version ${version}`);
      }
    } finally {
      hanging.abort();
      await server.close();
    }
  });

  it("keep what was in a folder that is taken away as a whole, until it is back", async () => {
    const root = join(temporaryFolder(), "models");
    await publish(root, "1");
    const warnings: string[] = [];
    const log = { info() {}, warn: (message: string) => void warnings.push(message) };
    const server = new ModelServer({ directories: [root], log });
    await server.start();
    try {
      assert.equal(await factor(server), 1);
      renameSync(root, `${root}.away`);
      await server.refresh();
      assert.equal(await factor(server), 1);
      assert.match(warnings[0]!, /^The models could not be looked at: ENOENT: no such file or directory/);
      renameSync(`${root}.away`, root);
      await publish(root, "2");
      await until(async () => (await factor(server)) === 2);
    } finally {
      await server.close();
    }
  });

  it("keep what a broken one had before", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    let isBroken = false;
    const server = new ModelServer();
    const disk = new DiskRepository(root);
    server.addRepository({
      list: async () => (isBroken ? Promise.reject(new Error("not reached")) : disk.list()),
      versions: (model) => disk.versions(model),
    });
    await server.start();
    try {
      await server.settled();
      isBroken = true;
      await server.refresh();
      assert.equal(await factor(server), 1);
    } finally {
      await server.close();
    }
  });
});
