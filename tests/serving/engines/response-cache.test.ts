import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, type PredictionEvent, tensor, type Tensor } from "cortado/serving";
import { z } from "zod";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));

let runs = 0;
const counted = handler({
  name: "counted",
  input: z.object({ n: z.union([z.number(), z.date()]) }),
  cache: { maxSize: 2 },
  inference: (items) => {
    runs += items.length;
    return items.map(({ n }) => ({ n, list: [Number(n)] }));
  },
});
const brief = handler({ name: "brief", input: z.number(), cache: { seconds: 0.05 }, inference: (items) => (runs++, items) });
const small = handler({ name: "small", input: z.string(), cache: { maxBytes: 1000 }, inference: (items) => (runs++, items) });
const failing = handler({
  name: "failing",
  input: z.number(),
  cache: {},
  inference: (items) => {
    if (++runs === 1) throw new Error("not yet");
    return items;
  },
});
const narrow = { batch: false, cache: {}, queue: { maxSize: 4 } } as const;
const few = handler({ name: "few", ...narrow, inference: (items: number[]) => ((runs += items.length), items) });
const fewTensors = handler({ name: "few-tensors", ...narrow, source: "file:double" });
const sized = handler({
  name: "sized",
  cache: {},
  inference: (texts: string[]) => {
    runs += texts.length;
    return texts.map((text) => ({ length: tensor("int64", [text.length]), parts: [tensor("float16", [0.5]), text] }));
  },
});
const posted: number[] = [];
const double = handler({
  name: "double",
  source: "file:double",
  cache: {},
  preprocess: ({ x }: { x: number[]; tag?: number }) => ({ x: tensor("float32", x) }),
  postprocess: ({ y }, { tag }) => {
    posted.push(tag ?? 0);
    const values = y!.numbers();
    (y as Tensor).data.fill(0 as never);
    return { values, tag };
  },
});

const server = new ModelServer({ handlers: [counted, brief, small, failing, few, fewTensors, sized, double], root });
await server.start();
await server.settled();
after(() => server.close());

describe("a response cache", () => {
  it("answers what was asked before without a run", async () => {
    runs = 0;
    const first = await counted.predict({ n: 1 });
    first.list.push(99);
    const second = await server.predict("counted", [{ n: 1 }]);
    assert.deepEqual(second.outputs, [{ n: 1, list: [1] }], "what a caller does with its answer is its own");
    assert.equal(runs, 1);
    assert.deepEqual([second.cached, second.batch, second.ran], [true, 0, 0]);
    await counted.predict({ n: new Date(1) });
    assert.equal(runs, 2, "a date is no number");
  });

  it("keeps so many answers, and forgets what was used longest ago", async () => {
    await counted.predictMany([{ n: 10 }, { n: 11 }]);
    runs = 0;
    await counted.predict({ n: 10 });
    await counted.predict({ n: 12 });
    assert.equal(runs, 1);
    await counted.predict({ n: 10 });
    assert.equal(runs, 1);
    await counted.predict({ n: 11 });
    assert.equal(runs, 2);
  });

  it("keeps so many bytes", async () => {
    const texts = ["a".repeat(300), "b".repeat(300)];
    for (const text of texts) await small.predict(text);
    await small.predict("c".repeat(2000));
    runs = 0;
    await small.predict(texts[1]!);
    assert.equal(runs, 0);
    await small.predict(texts[0]!);
    await small.predict("c".repeat(2000));
    assert.equal(runs, 2);
  });

  it("asks anew after its seconds", async () => {
    await brief.predict(1);
    runs = 0;
    await brief.predict(1);
    assert.equal(runs, 0);
    await sleep(60);
    await brief.predict(1);
    assert.equal(runs, 1);
  });

  it("keeps no failures", async () => {
    runs = 0;
    await assert.rejects(failing.predict(1), /not yet/);
    assert.equal(await failing.predict(1), 1);
    assert.equal(runs, 2);
  });

  it("takes a request whole or not at all, and counts what it has not kept alone", async () => {
    const tooMany = refusal({ code: "SERVING_BAD_INPUT", message: "inputs holds 6 items, and 4 are taken at once." });
    const numbers = [1, 2, 3, 4, 5, 6];
    runs = 0;
    await assert.rejects(few.predictMany(numbers), tooMany);
    assert.equal(runs, 0);
    assert.deepEqual(await few.predictMany([1, 2, 3]), [1, 2, 3]);
    assert.deepEqual(await few.predictMany(numbers), numbers);
    assert.equal(runs, 6);
    const items = numbers.map((x) => ({ x: [x, x] }));
    const ask = (some: object[]) => server.predict("few-tensors", some);
    await assert.rejects(ask(items), tooMany);
    await ask(items.slice(3));
    const { outputs, cached } = await ask(items);
    assert.deepEqual([outputs, cached], [numbers.map((x) => ({ y: [2 * x, 2 * x] })), false]);
    assert.equal((await ask(items)).cached, true);
  });

  it("gives back the tensors in an answer as tensors", async () => {
    const first = await sized.predict("latte");
    runs = 0;
    const second = await sized.predict("latte");
    assert.equal(runs, 0);
    assert.deepEqual(second, first);
    assert.deepEqual(second.length.numbers(), [5]);
  });

  it("keeps a model's tensors, below the handler, whose code always runs", async () => {
    const events: PredictionEvent[] = [];
    const stop = server.observe((event) => events.push(event));
    assert.deepEqual(await double.predict({ x: [1, 2], tag: 1 }), { values: [2, 4], tag: 1 });
    assert.deepEqual(await double.predict({ x: [1, 2], tag: 2 }), { values: [2, 4], tag: 2 });
    const tensors = await server.infer("double", { x: tensor("float32", [1, 2], [1, 2]) });
    stop();
    assert.deepEqual(tensors.outputs[0]!.y!.numbers(), [2, 4]);
    assert.deepEqual(posted, [1, 2]);
    assert.deepEqual(
      events.map(({ cached, batch }) => [cached, batch]),
      [
        [false, 1],
        [true, 0],
        [true, 0],
      ],
    );
    const { cacheHit, cacheMiss, rows, runs: ran, success, computeInfer } = server.describeVersion("double", "1").statistics;
    assert.deepEqual([cacheHit.count, cacheMiss.count, rows, ran, success.count, computeInfer.count], [2, 1, 1, 1, 3, 1]);
  });

  it("belongs to a version, and lives as long as that is loaded", async () => {
    putModel(root, "double/2", timesModel(3));
    for (let i = 0; i < 100 && server.describe("double").aliases.default !== "2"; i++) await sleep(50);
    assert.deepEqual(await double.predict({ x: [1, 2] }), { values: [3, 6], tag: undefined });
    assert.deepEqual(await double.predict({ x: [1, 2] }, { version: "1" }), { values: [2, 4], tag: undefined });
  });
});
