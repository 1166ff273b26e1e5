import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "node:test";
import {
  type AliasStore,
  type AliasTable,
  DiskAliasStore,
  handler,
  type ModelServer,
  readManifest,
  writeManifest,
} from "cortado/serving";
import { chainModel, putModel, temporaryFolder, timesModel } from "./models.ts";
import { refusal } from "./refused.ts";
import { publish, until, withServer } from "./versions/served.ts";

const factor = async (server: ModelServer, options?: { version?: string; alias?: string }) => {
  const { outputs, version } = await server.predict("times", [{ x: [1, 1] }], options);
  return [(outputs[0] as { y: number[] }).y[0], version];
};

describe("a folder of models", () => {
  it("serves <name>/<version>/model.onnx, <name>/model.onnx as version 1, and nothing whose name could climb out", async () => {
    const root = temporaryFolder();
    putModel(root, "times/2", timesModel(2));
    putModel(root, "times/10", timesModel(10));
    putModel(root, "flat", timesModel(3));
    putModel(root, "a..b/1", timesModel(3));
    putModel(root, ".hidden/1", timesModel(3));
    putModel(root, "times/latest", timesModel(9));
    await withServer({ directories: [root] }, async (server) => {
      assert.deepEqual(
        server.list().map((model) => [model.name, model.versions]),
        [
          ["flat", ["1"]],
          ["times", ["10", "2"]],
        ],
      );
      assert.deepEqual(await factor(server), [10, "10"]);
      assert.deepEqual(await factor(server, { version: "2" }), [2, "2"]);
    });
  });

  it("serves a single model.onnx under the folder's name", async () => {
    const root = join(temporaryFolder(), "single");
    putModel(root, ".", timesModel(4));
    await withServer({ directories: [root] }, async (server) => {
      assert.deepEqual((await server.predict("single", [{ x: [1, 2] }])).outputs, [{ y: [4, 8] }]);
    });
  });

  it("is looked at again and again: new versions take over, removed ones go, no request fails", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root] }, async (server) => {
      let stop = false;
      let answered = 0;
      const clients = Array.from({ length: 8 }, async () => {
        while (!stop) {
          const [value, version] = await factor(server);
          assert.equal(String(value), version);
          answered++;
        }
      });
      for (const version of ["2", "3", "4", "5"]) {
        await publish(root, version);
        await until(() => server.describe("times").aliases["default"] === version);
        rmSync(join(root, "times", String(Number(version) - 1)), { recursive: true });
      }
      await until(() => server.describe("times").versions.length === 1);
      stop = true;
      await Promise.all(clients);
      assert.ok(answered > 50);
      await assert.rejects(
        factor(server, { version: "1" }),
        refusal({ code: "SERVING_UNKNOWN_VERSION", message: 'The model "times" has no version "1". It has: 5.' }),
      );
    });
  });

  it("waits until a folder without a manifest stands still", async () => {
    const root = temporaryFolder();
    putModel(root, "times/1", timesModel(1));
    await withServer({ directories: [root] }, async (server) => {
      const whole = timesModel(2);
      const folder = putModel(root, "times/2", whole.subarray(0, 20));
      for (let end = 40; end < whole.byteLength; end += 20) {
        await sleep(60);
        writeFileSync(join(folder, "model.onnx"), whole.subarray(0, end));
      }
      writeFileSync(join(folder, "model.onnx"), whole);
      await until(() => server.describe("times").aliases["default"] === "2");
      assert.deepEqual(await factor(server), [2, "2"]);
    });
  });

  it("keeps the old version when the new one does not load, and says why", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    const warnings: string[] = [];
    const log = { info() {}, warn: (message: string) => void warnings.push(message) };
    await withServer({ directories: [root], log }, async (server) => {
      await publish(root, "2", { bytes: Buffer.from("this is no model") });
      await server.refresh();
      await until(() => server.describeVersion("times", "2").state === "failed");
      assert.match(server.describeVersion("times", "2").error!, /ONNX/);
      assert.deepEqual(await factor(server), [1, "1"]);
      assert.equal(warnings.length, 1);
      await assert.rejects(
        factor(server, { version: "2" }),
        refusal({
          code: "SERVING_VERSION_FAILED",
          message: /^Version 2 of the model "times" does not load: The file is not a/,
          hint: "Mend its files and put them in place again: it is tried anew when they change.",
        }),
      );
    });
  });

  it("loads changed files of a version anew, and keeps the loaded ones when they do not load", async () => {
    const root = temporaryFolder();
    const folder = putModel(root, "times", timesModel(1));
    await withServer({ directories: [root] }, async (server) => {
      writeFileSync(join(folder, "model.onnx"), "broken");
      await sleep(900);
      assert.deepEqual(await factor(server), [1, "1"]);
      writeFileSync(join(folder, "model.onnx"), timesModel(7));
      for (let i = 0; (await factor(server))[0] !== 7; i++) {
        assert.ok(i < 100);
        await sleep(50);
      }
    });
  });

  it("lets a version finish what it has when it is removed", async () => {
    const root = temporaryFolder();
    putModel(root, "slow/1", chainModel(30, 384));
    await withServer({ directories: [root] }, async (server) => {
      const x = Array.from({ length: 384 }, () => Array.from({ length: 384 }, () => 0));
      const running = server.predict("slow", [{ x }]);
      rmSync(join(root, "slow"), { recursive: true });
      await server.refresh();
      assert.equal((await running).version, "1");
      await assert.rejects(
        server.predict("slow", [{ x }]),
        refusal({ code: "SERVING_UNKNOWN_MODEL", message: 'There is no model "slow". There are: none.' }),
      );
    });
  });

  it("without any version that loads says so", async () => {
    const trained = handler({ name: "trained", train: { kind: "none" } });
    await withServer({ handlers: [trained] }, async (server) => {
      await assert.rejects(
        server.predict("trained", [{}]),
        refusal({
          code: "SERVING_NOT_READY",
          message: 'The model "trained" has no version that is ready.',
          hint: "Train it, or add a version that loads; the versions' states are listed under …/versions.",
        }),
      );
    });
  });

  it("adds the versions of a handler's name to the handler's own", async () => {
    const root = temporaryFolder();
    putModel(root, "own/1", timesModel(1));
    await publish(join(root, "storage"), "2");
    const times = handler({ name: "times", source: "file:own" });
    await withServer({ root, handlers: [times], directories: ["storage"] }, async (server) => {
      assert.deepEqual(server.describe("times").versions, ["2", "1"]);
      assert.deepEqual(await factor(server), [2, "2"]);
      assert.deepEqual(await factor(server, { version: "1" }), [1, "1"]);
    });
  });
});

describe("an alias", () => {
  it("moves to a version that is ready, and is forgotten when removed", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    await withServer({ directories: [root] }, async (server) => {
      await server.setAlias("times", "champion", { version: "1" });
      assert.deepEqual(await factor(server, { alias: "champion" }), [1, "1"]);
      await server.setAlias("times", "default", { version: "1" });
      await publish(root, "3");
      await server.refresh();
      await server.settled();
      assert.deepEqual(await factor(server), [1, "1"]);
      await server.removeAlias("times", "default");
      assert.deepEqual(await factor(server), [3, "3"]);
      await server.removeAlias("times", "champion");
      await assert.rejects(
        factor(server, { alias: "champoin" }),
        refusal({ code: "SERVING_UNKNOWN_ALIAS", message: 'The model "times" has no alias "champoin". It has: default.' }),
      );
    });
  });

  it("stays where it is when the version does not load", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await publish(root, "2", { bytes: Buffer.from("no model") });
    await withServer({ directories: [root] }, async (server) => {
      await server.setAlias("times", "default", { version: "1" });
      await assert.rejects(server.setAlias("times", "default", { version: "2" }), refusal({ code: "SERVING_VERSION_FAILED" }));
      assert.deepEqual(await factor(server), [1, "1"]);
      await assert.rejects(server.setAlias("times", "default", { version: "9" }), refusal({ code: "SERVING_UNKNOWN_VERSION" }));
      await assert.rejects(
        server.setAlias("times", "2", { version: "1" }),
        refusal({ code: "SERVING_BAD_ALIAS", message: /^"2" cannot be an alias\./, hint: "Numbers are versions." }),
      );
    });
  });

  it("does not move to a version that nobody wants any more when it is loaded", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2", "3"]) await publish(root, version);
    const to = (version: string) => ({ version, history: [] });
    let table: AliasTable = { times: { champion: to("1"), late: to("1") } };
    const aliases: AliasStore = { read: async () => structuredClone(table), update: async () => null };
    await withServer({ directories: [root], aliases }, async (server) => {
      await until(() => server.describeVersion("times", "1").state === "ready");
      table = { times: { champion: to("2"), late: to("2") } };
      await server.refresh();
      table = { times: { champion: to("1") } };
      await server.refresh();
      const seen = new Set<string | undefined>();
      await until(() => {
        const { champion, late } = server.describe("times").aliases;
        seen.add(champion).add(late);
        return server.describeVersion("times", "2").state === "ready";
      });
      const { champion, late } = server.describe("times").aliases;
      seen.add(champion).add(late);
      assert.deepEqual([...seen], ["1", undefined]);
    });
  });

  it("is kept on disk, and followed when another process moves it", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2"]) await publish(root, version);
    const file = join(temporaryFolder(), "aliases.json");
    await withServer({ directories: [root], aliases: new DiskAliasStore(file) }, async (server) => {
      await server.setAlias("times", "default", { version: "1" });
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { times: { default: { version: "1", history: ["2"] } } });
      await new DiskAliasStore(file).update("times", "default", () => ({ version: "2", history: [] }));
      await until(() => server.describe("times").aliases["default"] === "2");
      await new DiskAliasStore(file).update("times", "default", () => ({ version: "1", history: [] }));
      await until(() => server.describe("times").aliases["default"] === "1");
    });
    await withServer({ directories: [root], aliases: new DiskAliasStore(file) }, async (server) => {
      assert.deepEqual(await factor(server), [1, "1"]);
    });
  });
});

describe("a manifest", () => {
  it("digests every file and is written last", async () => {
    const folder = putModel(temporaryFolder(), "times/1", timesModel(1));
    const written = await writeManifest(folder, { model: "times", version: "1", metrics: { r2: 0.5 } });
    assert.match(written.files["model.onnx"]!.sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(await readManifest(folder), written);
  });

  it("that does not match its files makes the version fail", async () => {
    const root = temporaryFolder();
    const folder = putModel(root, "times/1", timesModel(1));
    await writeManifest(folder, { model: "times", version: "1" });
    writeFileSync(join(folder, "model.onnx"), timesModel(2));
    await withServer({ directories: [root] }, async (server) => {
      assert.match(
        server.describeVersion("times", "1").error!,
        /^manifest\.json has another digest for model\.onnx than the file\./,
      );
    });
  });

  it("that cannot be read names the file", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "manifest.json"), "{");
    const hint = "Publish the version again; manifest.json is written last, by writeManifest.";
    await assert.rejects(
      readManifest(folder),
      refusal({ code: "SERVING_BAD_MANIFEST", message: `${folder}/manifest.json is not JSON.`, hint }),
    );
    writeFileSync(join(folder, "manifest.json"), '{"format": 2}');
    await assert.rejects(
      readManifest(folder),
      refusal({ code: "SERVING_BAD_MANIFEST", message: /is not a manifest of format 1\.$/ }),
    );
  });
});
