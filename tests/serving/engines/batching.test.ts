import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, tensor } from "cortado/serving";
import { onnxModel } from "../onnx-writer.ts";
import { gatherModel, perceptron, putModel, temporaryFolder } from "../models.ts";

/** `y = x + x` of rows of any length. */
function anyLength(): Uint8Array {
  return onnxModel({
    nodes: [{ op: "Add", inputs: ["x", "x"], outputs: ["y"] }],
    inputs: [{ name: "x", type: "float", shape: ["batch", "length"] }],
    outputs: [{ name: "y", type: "float", shape: ["batch", "length"] }],
  });
}

const root = temporaryFolder();
putModel(root, "ragged/1", anyLength());
putModel(root, "digits/1", perceptron());
putModel(root, "table/1", gatherModel());

const sizes: number[] = [];
const timed = (name: string, time: (rows: number) => number, batch = {}) =>
  handler({
    name,
    batch: { maxSize: 8, ...batch },
    inference: async (items: { n: number }[]) => {
      sizes.push(items.length);
      await sleep(time(items.length));
      return items;
    },
  });
/** Two rows take four times as long as one. */
const worse = timed("worse", (rows) => rows * rows);
const forced = timed("forced", (rows) => rows * rows, { adaptive: false, maxSize: 4 });
const better = timed("better", () => 5);
/** A few rows take long, and many do not: what is between the sizes says nothing of the largest. */
const uneven = timed("uneven", (rows) => (rows > 1 && rows < 8 ? 10 * rows : 4));
const waiting = timed("waiting", () => 1, { maxDelay: 60 });
const ragged = handler({ name: "ragged", source: "file:ragged", batch: { maxSize: 8 } });
const empty = handler({ name: "empty", source: "file:ragged", batch: { maxSize: 8 } });
const digits = handler({ name: "digits", source: "file:digits" });
const alone = handler({ name: "alone", source: "file:digits", batch: false });
const table = handler({ name: "table", source: "file:table", batch: { maxSize: 8 } });

const server = new ModelServer({ handlers: [worse, forced, better, uneven, waiting, ragged, empty, digits, alone, table], root });
await server.start();
await server.settled();
after(() => server.close());

const batching = (name: string) => server.describeVersion(name, "1").batching!;
const load = (model: typeof worse, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => model.predict({ n } as never)));

describe("batches", () => {
  it("become smaller where measurement shows that a row of a larger one takes longer", async () => {
    const until = performance.now() + 15_000;
    while (batching("worse").limit > 1 && performance.now() < until) await load(worse, 20);
    assert.deepEqual(batching("worse"), { enabled: true, maxSize: 8, maxDelay: 0, limit: 1 });
    sizes.length = 0;
    await load(worse, 20);
    assert.ok(sizes.filter((size) => size > 1).length <= 3, `sizes ${sizes.join()}: but for a trial, one row at a time`);
  });

  it("stay as large as they may be where that gains, and where the handler does not want them measured", async () => {
    for (let i = 0; i < 6; i++) await load(better, 40);
    assert.equal(batching("better").limit, 8);
    for (let i = 0; i < 6; i++) await load(forced, 12);
    assert.equal(batching("forced").limit, 4);
  });

  it("stay large where a size between takes longer", async () => {
    for (const count of [1, 1, 1, 1, 20, 20, 20, 20, 20, 20]) await load(uneven, count);
    assert.equal(batching("uneven").limit, 8);
  });

  it("without a row say nothing of what rows take", async () => {
    const ask = async (rows: number) =>
      (await server.infer("empty", { x: tensor("float32", new Float32Array(3 * rows), [rows, 3]) })).outputs[0]!["y"]!.shape;
    for (let i = 0; i < 5; i++) assert.deepEqual(await ask(1), [1, 3]);
    for (let i = 0; i < 8; i++) assert.deepEqual(await ask(0), [0, 3]);
    assert.equal(batching("empty").limit, 8);
  });

  it("wait for more where the handler says how long, and no longer", async () => {
    sizes.length = 0;
    const first = waiting.predict({ n: 1 });
    await sleep(10);
    await Promise.all([first, waiting.predict({ n: 2 })]);
    assert.deepEqual(sizes, [2]);
    const started = performance.now();
    await load(waiting, 8);
    assert.ok(performance.now() - started < 60, "a full batch does not wait");
  });

  it("hold rows of one shape only", async () => {
    const rows = Array.from({ length: 40 }, (_, i) => Array.from({ length: 1 + (i % 3) }, () => i));
    const answers = await Promise.all(rows.map((x) => ragged.predict({ x })));
    assert.deepEqual(
      answers,
      rows.map((x) => ({ y: x.map((n) => 2 * n) })),
    );
    const { runs, rows: counted, batches } = server.describeVersion("ragged", "1").statistics;
    assert.equal(counted, 40);
    assert.ok(runs < 40);
    assert.equal(
      batches.reduce((sum, { size, computeInfer }) => sum + size * computeInfer.count, 0),
      40,
    );
  });

  it("are told for a model: on where a trial showed a gain, off where the handler wants none", async () => {
    await digits.predict({ image: Array.from({ length: 784 }, () => 0.5) });
    await alone.predict({ image: Array.from({ length: 784 }, () => 0.5) });
    assert.equal(batching("digits").maxSize, 32);
    assert.deepEqual(batching("alone"), { enabled: false, maxSize: 1, maxDelay: 0, limit: 1 });
  });

  it("hold each caller's row, wherever in memory it lies", async () => {
    const pixels = (seed: number) => Array.from({ length: 784 }, (_, i) => ((i * 37 + seed) % 256) / 255);
    const all = Array.from({ length: 200 }, (_, seed) => ({ image: pixels(seed) }));
    const together = await Promise.all(all.map((item) => digits.predict(item)));
    for (const [i, item] of all.entries()) {
      const { scores } = (await alone.predict(item)) as { scores: number[] };
      const near = (together[i] as { scores: number[] }).scores.every((score, at) => Math.abs(score - scores[at]!) < 1e-5);
      assert.ok(near, `row ${i}`);
    }
    assert.ok(batching("digits").limit > 1);
  });

  it("with a bad row are run again one by one, and only that row fails", async () => {
    const answers = await Promise.allSettled([0, 1, 99, 3].map((x) => table.predict({ x } as never)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      ["fulfilled", "fulfilled", "rejected", "fulfilled"],
    );
  });
});

describe("the statistics of a version", () => {
  it("count requests by what happened to them, and time by its phases", async () => {
    const before = server.describeVersion("digits", "1").statistics;
    const image = Array.from({ length: 784 }, () => 0.5);
    await digits.predictMany([{ image }, { image }, { image }]);
    await server.infer("digits", { image: tensor("float32", [...image, ...image], [2, 784]) });
    await assert.rejects(digits.predict({ image: [1] }));
    await assert.rejects(digits.predict({ image }, { signal: AbortSignal.abort() }));
    const now = server.describeVersion("digits", "1").statistics;
    const grown = (name: "success" | "fail" | "queue" | "computeInput" | "computeInfer" | "computeOutput") =>
      now[name].count - before[name].count;
    assert.equal(grown("success"), 2);
    assert.equal(grown("fail"), 2);
    assert.equal(now.cancelled - before.cancelled, 1);
    assert.equal(grown("queue"), 2);
    assert.equal(grown("computeInfer"), 2);
    assert.equal(now.rows - before.rows, 5);
    assert.ok(now.success.milliseconds > now.computeInfer.milliseconds);
    assert.ok(now.computeInput.milliseconds > 0 && now.computeOutput.milliseconds > 0);
    assert.ok(Date.parse(now.lastAnswer!) > Date.now() - 60_000);
    for (const { size, computeInput, computeInfer, computeOutput } of now.batches) {
      assert.ok(size > 0 && computeInfer.milliseconds > 0);
      assert.equal(computeInput.count, computeInfer.count);
      assert.equal(computeOutput.count, computeInfer.count);
    }
  });

  it("outlive what is loaded", async () => {
    const { success } = server.describeVersion("digits", "1").statistics;
    await server.unload("digits", { version: "1" });
    assert.deepEqual(server.describeVersion("digits", "1").statistics.success, success);
  });
});
