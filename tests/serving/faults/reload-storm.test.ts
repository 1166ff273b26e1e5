import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ModelServer } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { factor, publish, until, withServer } from "../versions/served.ts";

/** How long a storm lasts; the whole minute is for a machine that does nothing else. */
const SECONDS = process.env["CORTADO_LONG"] ? 60 : 8;

/** Asks from several callers at once until the work is done; every answer is that of the version that gave it. */
async function underLoad(server: ModelServer, work: () => Promise<void>): Promise<number> {
  let answered = 0;
  let over = false;
  const callers = Array.from({ length: 8 }, async () => {
    while (!over) {
      await factor(server);
      answered++;
      await sleep(1);
    }
  });
  const failed = Promise.all(callers);
  try {
    await Promise.race([work(), failed]);
  } finally {
    over = true;
    await failed;
  }
  return answered;
}

/** Bytes in memory of the model hosts. */
function residentBytes(server: ModelServer): number {
  const pages = server.hosts.processIds().map((id) => Number(readFileSync(`/proc/${id}/statm`, "utf8").split(" ")[1]));
  return pages.reduce((sum, count) => sum + count * 4096, 0);
}

describe("a storm of versions", () => {
  it("a new one every 100 ms under load fails no request, and ends at the newest", async (context) => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root] }, async (server) => {
      let version = 1;
      const seen = new Set<string>();
      const answered = await underLoad(server, async () => {
        for (const end = performance.now() + SECONDS * 1000; performance.now() < end;) {
          await publish(root, String(++version));
          if (version > 4) rmSync(join(root, `times/${version - 4}`), { recursive: true });
          seen.add(server.describe("times").aliases["default"]!);
          await sleep(100);
        }
        await until(() => server.describe("times").aliases["default"] === String(version), "the newest version");
      });
      assert.equal(await factor(server), version);
      context.diagnostic(`${answered} answers, ${version} versions, ${seen.size} of them loaded, none failed`);
      assert.ok(seen.size > 1);
    });
  });

  it("changed files of one version every 100 ms under load fail no request, and end at the latest", async () => {
    const root = temporaryFolder();
    const folder = putModel(root, "times/1", timesModel(1));
    await withServer({ directories: [root] }, async (server) => {
      await underLoad(server, async () => {
        for (let i = 0; i < 20; i++) {
          writeFileSync(join(folder, ".new"), i % 5 === 4 ? "no model" : timesModel(1));
          renameSync(join(folder, ".new"), join(folder, "model.onnx"));
          await sleep(100);
        }
      });
      writeFileSync(join(folder, "model.onnx"), timesModel(7));
      await until(async () => {
        const { outputs } = await server.predict("times", [{ x: [1, 1] }]);
        return (outputs[0] as { y: number[] }).y[0] === 7;
      }, "the latest files");
    });
  });

  it("an alias that moves again and again under load never answers with a version after it has moved away", async () => {
    const root = temporaryFolder();
    for (const version of ["1", "2", "3"]) await publish(root, version);
    await withServer({ directories: [root] }, async (server) => {
      await underLoad(server, async () => {
        for (let i = 0; i < 30; i++) {
          const version = String((i % 3) + 1);
          await server.setAlias("times", "default", { version });
          const answers = await Promise.all(Array.from({ length: 8 }, () => factor(server)));
          assert.deepEqual(new Set(answers), new Set([Number(version)]));
        }
      });
    });
  });

  it("leaves the memory of the model hosts as it was", { skip: !existsSync("/proc/self/statm") }, async (context) => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root] }, async (server) => {
      const load = async (from: number, to: number) => {
        for (let version = from; version <= to; version++) {
          await publish(root, String(version));
          await server.load("times");
          assert.equal(await factor(server), version);
        }
      };
      await load(2, 12);
      const before = residentBytes(server);
      await load(13, 42);
      const after = residentBytes(server);
      context.diagnostic(`${Math.round(before / 2 ** 20)} MiB, after 30 more versions ${Math.round(after / 2 ** 20)} MiB`);
      assert.ok(after < before * 1.5 + 32 * 2 ** 20, `${before} → ${after}`);
    });
  });
});
