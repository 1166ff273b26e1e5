import assert from "node:assert/strict";
import { linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { writeManifest } from "cortado/serving";
import { externalModel, perceptron, putModel, temporaryFolder, timesModel } from "../models.ts";
import { factor, publish, states, until, withServer } from "../versions/served.ts";

/** Puts something beside a version that answers, waits until it has been found not to load, and tells how long that took. */
async function staysAtOne(root: string, put: () => Promise<void>, problem: RegExp): Promise<string> {
  await publish(root, "1");
  let answers = 0;
  const since = performance.now();
  let took = 0;
  await withServer({ directories: [root] }, async (server) => {
    await put();
    await until(async () => {
      assert.equal(await factor(server), 1);
      answers++;
      return states(server)[0] === "2 failed";
    }, "the failure");
    took = performance.now() - since;
    assert.match(server.describeVersion("times", "2").error!, problem);
    assert.doesNotMatch(server.describeVersion("times", "2").error!, /\/tmp\/|node_modules/);
    assert.equal(await factor(server), 1);
    assert.deepEqual(server.describe("times").ready, true);
  });
  return `refused after ${Math.round(took)} ms; ${answers} answers of the version before meanwhile, none failed`;
}

describe("a version that is not whole", () => {
  it("is not there while it is copied in pieces with pauses, and answers once it is complete", async (t) => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root] }, async (server) => {
      const whole = timesModel(2);
      const folder = putModel(root, "times/2", whole.subarray(0, 10));
      for (const part of [0.3, 0.6, 0.9]) {
        await sleep(150);
        assert.equal(await factor(server), 1);
        writeFileSync(join(folder, "model.onnx"), whole.subarray(0, Math.floor(whole.byteLength * part)));
      }
      await sleep(700);
      assert.equal(await factor(server), 1, "a copy that stopped in the middle answers nothing");
      writeFileSync(join(folder, "model.onnx"), whole);
      const since = performance.now();
      await until(async () => (await factor(server)) === 2, "the whole version");
      t.diagnostic(`answers ${Math.round(performance.now() - since)} ms after its last byte, and never before`);
    });
  });

  it("whose manifest lists a file that never came is refused", async (t) => {
    const root = temporaryFolder();
    const told = await staysAtOne(
      root,
      async () => {
        const folder = join(temporaryFolder(), "2");
        mkdirSync(folder);
        writeFileSync(join(folder, "model.onnx"), timesModel(2));
        writeFileSync(join(folder, "labels.txt"), "a\nb\n");
        const manifest = await writeManifest(folder, { model: "times", version: "2" });
        const target = putModel(root, "times/2", timesModel(2));
        writeFileSync(join(target, "manifest.json"), JSON.stringify(manifest));
      },
      /lists labels\.txt, which is not there/,
    );
    t.diagnostic(told);
  });
});

describe("a corrupt artifact", () => {
  const corrupt: [string, (folder: string) => void, RegExp][] = [
    ["cut off in the middle", (folder) => truncateSync(join(folder, "model.onnx"), 60_000), /ONNX|parsing|complete/i],
    ["empty", (folder) => truncateSync(join(folder, "model.onnx"), 0), /empty/],
    ["of random bytes", (folder) => writeFileSync(join(folder, "model.onnx"), Buffer.alloc(5000, 0x5a)), /ONNX/],
    [
      "with flipped bytes in its structure",
      (folder) => {
        const bytes = Buffer.from(perceptron());
        for (let i = 0; i < 200; i++) bytes[i] = (bytes[i]! * 31 + 17) & 255;
        writeFileSync(join(folder, "model.onnx"), bytes);
      },
      /./,
    ],
    [
      "whose weights lie outside its folder",
      (folder) => writeFileSync(join(folder, "model.onnx"), externalModel("../../../etc/passwd")),
      /is not a plain file name/,
    ],
    [
      "whose weights are a hard link to a file elsewhere",
      (folder) => {
        const elsewhere = join(temporaryFolder(), "secret");
        writeFileSync(elsewhere, Buffer.alloc(8));
        linkSync(elsewhere, join(folder, "weights"));
        writeFileSync(join(folder, "model.onnx"), externalModel("weights"));
      },
      /hard link/,
    ],
  ];
  for (const [name, spoil, problem] of corrupt) {
    it(`${name} is refused, and the version before goes on answering`, async (t) => {
      const root = temporaryFolder();
      t.diagnostic(await staysAtOne(root, async () => spoil(putModel(root, "times/2", perceptron())), problem));
    });
  }

  it("that is a link to a file elsewhere is refused", async () => {
    const root = temporaryFolder();
    const elsewhere = putModel(temporaryFolder(), "x", timesModel(2));
    await staysAtOne(
      root,
      async () => {
        mkdirSync(join(root, "times/2"));
        symlinkSync(join(elsewhere, "model.onnx"), join(root, "times/2/model.onnx"));
      },
      /is a link that leads out of its folder/,
    );
  });

  it("is tried again when its files change, and then answers", async () => {
    const root = temporaryFolder();
    await publish(root, "1");
    await withServer({ directories: [root] }, async (server) => {
      const folder = putModel(root, "times/2", Buffer.from("no model"));
      await until(() => states(server)[0] === "2 failed");
      writeFileSync(join(folder, "model.onnx"), timesModel(2));
      await until(async () => (await factor(server)) === 2);
    });
  });
});
