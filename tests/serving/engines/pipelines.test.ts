import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, pipeline, tensor } from "cortado/serving";
import { z } from "zod";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "times/1", timesModel(2));
putModel(root, "times/2", timesModel(3));

const batches: number[] = [];
const asked: { priority: number | undefined; requestId: string | undefined }[] = [];
const split = handler({
  name: "split",
  input: z.object({ text: z.string() }),
  output: z.object({ words: z.array(z.string()) }),
  inference: (items, _state, { priority, requestId }) => {
    asked.push({ priority, requestId });
    return items.map(({ text }) => ({ words: text.split(" ") }));
  },
});
const shout = handler({
  name: "shout",
  input: z.object({ word: z.string() }),
  output: z.string(),
  inference: async (items) => {
    batches.push(items.length);
    await sleep(10);
    return items.map(({ word }) => word.toUpperCase());
  },
});
const given: string[] = [];
const slow = handler({
  name: "slow",
  input: z.object({ tag: z.string() }),
  batch: false,
  inference: async (items, _state, { signal }) => {
    signal!.addEventListener("abort", () => given.push(items[0]!.tag));
    await sleep(150);
    return items.map(({ tag }) => ({ tag }));
  },
});

const loud = pipeline({
  name: "loud",
  access: "public",
  input: z.object({ text: z.string(), loudly: z.boolean().default(true) }),
  output: z.object({ words: z.array(z.string()) }),
  steps: { split, shout },
  run: async ({ text, loudly }, steps) => {
    const { words } = await steps.split({ text });
    if (!loudly) return { words };
    return { words: await Promise.all(words.map((word) => steps.shout({ word }))) };
  },
});
const versions = pipeline({
  name: "versions",
  steps: { newest: "times", first: { model: "times", version: "1" } },
  run: async ({ x }: { x: number[] }, { newest, first }) => {
    const [b, a] = await Promise.all([newest({ x: tensor("float32", x) }), first({ x })]);
    return { newest: b.y, first: a.y };
  },
});
const nested = pipeline({
  name: "nested",
  input: z.object({ text: z.string() }),
  steps: { loud },
  stream: async function* ({ text }, { loud: ask }) {
    for (const word of (await ask({ text })).words) yield `${word} `;
  },
});
const impatient = pipeline({
  name: "impatient",
  deadline: 80,
  input: z.object({ tag: z.string() }),
  steps: { slow },
  run: ({ tag }, steps) => steps.slow({ tag }),
});
const blamed = pipeline({ name: "blamed", steps: { missing: "missing" }, run: (item, steps) => steps.missing(item) });

const server = new ModelServer({
  handlers: [split, shout, slow, loud, versions, nested, impatient, blamed],
  directories: ["."],
  root,
});
await server.start();
await server.settled();
after(() => server.close());

describe("a pipeline", () => {
  it("answers by asking other models, one after the other, side by side and only where they are needed", async () => {
    assert.deepEqual(await loud.predict({ text: "one two" }), { words: ["ONE", "TWO"] });
    const before = server.describeVersion("shout", "1").statistics.success.count;
    assert.deepEqual(await loud.predict({ text: "one two", loudly: false }), { words: ["one", "two"] });
    assert.equal(server.describeVersion("shout", "1").statistics.success.count, before);
  });

  it("has its steps run through their own models' queues and batches, with those of other requests", async () => {
    batches.length = 0;
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => loud.predict({ text: `a${i} b${i}` })));
    assert.deepEqual(answers[7], { words: ["A7", "B7"] });
    assert.ok(batches.length < 16, `${batches.length} runs for 16 words`);
  });

  it("is a model as any other: checked, described, with an address and statistics", async () => {
    await assert.rejects(
      loud.predict({ text: 1 } as never),
      refusal({ code: "SERVING_BAD_INPUT", message: /^input does not fit: input\.text: / }),
    );
    const { access, ready, versions: numbers } = server.describe("loud");
    assert.deepEqual([access, ready, numbers], ["public", true, ["1"]]);
    assert.ok(server.describeVersion("loud", "1").statistics.success.count > 0);
  });

  it("asks a model of a folder by its name, and a certain version of it", async () => {
    assert.deepEqual(await versions.predict({ x: [1, 2] }), { newest: [3, 6], first: [2, 4] });
  });

  it("can be a step of another, and stream", async () => {
    assert.equal(await nested.predict({ text: "one two" }), "ONE TWO ");
    assert.deepEqual(await Array.fromAsync(nested.stream({ text: "one two" })), ["ONE ", "TWO "]);
  });

  it("hands its request's priority and name to its steps", async () => {
    asked.length = 0;
    await loud.predict({ text: "a" }, { priority: 2, requestId: "r7" });
    assert.deepEqual(asked, [{ priority: 2, requestId: "r7" }]);
  });

  it("leaves its steps what is left of its own time, and gives them up when nobody waits", async () => {
    given.length = 0;
    await assert.rejects(impatient.predict({ tag: "late" }), refusal({ code: "SERVING_DEADLINE" }));
    const leaving = new AbortController();
    const left = impatient.predict({ tag: "left" }, { signal: leaving.signal });
    await sleep(20);
    leaving.abort();
    await assert.rejects(left, { name: "AbortError" });
    await sleep(250);
    assert.equal(given[0], "late");
  });

  it("answers with a step's error", async () => {
    await assert.rejects(blamed.predict({}), refusal({ code: "SERVING_UNKNOWN_MODEL", message: /^There is no model "missing"/ }));
  });

  it("needs something to do", () => {
    assert.throws(() => pipeline({ name: "idle", steps: {} }), refusal({ code: "SERVING_EMPTY_HANDLER" }));
  });
});
