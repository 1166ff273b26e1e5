import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer, type Runtime, tensor } from "cortado/serving";
import { onnxModel } from "../onnx-writer.ts";
import { putModel, temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";

/** `total = state + x`, and the same again as the next state: a sum over the steps. The state's rows are its second dimension. */
function runningSum(factor = 1): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "Mul", inputs: ["x", "factor"], outputs: ["scaled"] },
      { op: "Add", inputs: ["scaled", "state"], outputs: ["total"] },
      { op: "Identity", inputs: ["total"], outputs: ["stateN"] },
    ],
    inputs: [
      { name: "x", type: "float", shape: [1, "batch"] },
      { name: "state", type: "float", shape: [1, "batch"] },
    ],
    outputs: [
      { name: "total", type: "float", shape: [1, "batch"] },
      { name: "stateN", type: "float", shape: [1, "batch"] },
    ],
    weights: [{ name: "factor", shape: [1], data: Float32Array.of(factor) }],
  });
}

const root = temporaryFolder();
putModel(root, "sum/1", runningSum());
putModel(root, "begun/1", runningSum());
putModel(root, "wrong/1", runningSum());
putModel(root, "stateless/1", runningSum());

const sum = handler({
  name: "sum",
  source: "file:sum",
  instances: 2,
  sequence: { state: { stateN: "state" }, idle: 400, maxSize: 3 },
  preprocess: ({ x }: { x: number }) => ({ x: tensor("float32", [x], [1, 1]) }),
  postprocess: ({ total }, _item, { signature }) => ({
    total: total!.numbers()[0]!,
    names: [...signature.inputs, ...signature.outputs].map(({ name }) => name),
  }),
  warmUp: [{ x: 1 }],
});
const begun = handler({
  name: "begun",
  source: "file:begun",
  sequence: { state: { stateN: "state" }, initial: { state: tensor("float32", [100], [1, 1]) } },
});
const wrong = handler({ name: "wrong", source: "file:wrong", sequence: { state: { stateM: "state" } } });
const seen: number[] = [];
const story = handler({
  name: "story",
  instances: 2,
  sequence: {},
  inference: async (items: { n: number; fail?: boolean; slow?: number }[], _state, { sequence }) => {
    const { n, fail, slow } = items[0]!;
    if (slow) await sleep(slow);
    if (fail) throw new Error("failed");
    seen.push(n);
    if (!sequence) return items.map(() => [n]);
    const told = (sequence.memory.told as number[] | undefined) ?? [];
    sequence.memory.told = [...told, n];
    return [sequence.memory.told as number[]];
  },
});

const server = new ModelServer({ handlers: [sum, begun, wrong, story], directories: ["."], root });
await server.start();
await server.settled();
after(() => server.close());

const totals = async (xs: number[], id: string, options: { start?: boolean; end?: boolean } = {}) =>
  (
    await sum.predictMany(
      xs.map((x) => ({ x })),
      { sequence: { id, ...options } },
    )
  ).map(({ total }) => total);

describe("a sequence", () => {
  it("keeps a model's state from step to step, and hides it from callers", async () => {
    assert.deepEqual(await totals([1], "a", { start: true }), [1]);
    assert.deepEqual(await totals([2], "a"), [3]);
    const { total, names } = await sum.predict({ x: 3 }, { sequence: { id: "a", end: true } });
    assert.equal(total, 6);
    assert.deepEqual(names, ["x", "total"]);
    const { signature } = server.describe("sum");
    assert.deepEqual(
      [...signature!.inputs, ...signature!.outputs].map(({ name }) => name),
      ["x", "total"],
    );
  });

  it("runs its steps in their order, whatever else runs, and the items of a request as steps of their own", async () => {
    const ids = ["b", "c"];
    await Promise.all(ids.map((id) => totals([0], id, { start: true })));
    const steps = Array.from({ length: 20 }, (_, i) => i + 1);
    const answers = await Promise.all(steps.flatMap((x) => ids.map((id) => totals([x], id))));
    const wanted = steps.map((x) => (x * (x + 1)) / 2);
    assert.deepEqual(answers.filter((_, i) => i % 2 === 0).flat(), wanted);
    assert.deepEqual(answers.filter((_, i) => i % 2 === 1).flat(), wanted);
    assert.deepEqual(await totals([1, 1, 1], "b", { start: true, end: true }), [1, 2, 3]);
    assert.deepEqual(await totals([1], "c", { end: true }), [211]);
  });

  it("is none where a request names none: each begins and ends by itself", async () => {
    assert.equal((await sum.predict({ x: 5 })).total, 5);
    assert.equal((await sum.predict({ x: 5 })).total, 5);
  });

  it("begins with the state that the handler gives", async () => {
    const x = tensor("float32", [1], [1, 1]);
    const ask = async (step: object) =>
      (await server.infer("begun", { x }, { sequence: { id: "a", ...step } })).outputs[0]!.total!.numbers();
    assert.deepEqual(await ask({ start: true }), [101]);
    assert.deepEqual(await ask({ end: true }), [102]);
  });

  it("has to be begun, and is forgotten when it ends or when no step comes for a while", async () => {
    const unknown = refusal({
      code: "SERVING_UNKNOWN_SEQUENCE",
      message: 'The model "sum" has no open sequence "d".',
      hint: "Begin it: mark its first step as the start. A sequence without a step for a while is forgotten.",
    });
    await assert.rejects(totals([1], "d"), unknown);
    await totals([1], "d", { start: true, end: true });
    await assert.rejects(totals([1], "d"), unknown);
    await totals([1], "d", { start: true });
    await sleep(700);
    await assert.rejects(totals([1], "d"), unknown);
  });

  it("is refused when as many are open as the handler allows", async () => {
    for (const id of ["e", "f", "g"]) await totals([1], id, { start: true });
    await assert.rejects(
      totals([1], "h", { start: true }),
      refusal({
        code: "SERVING_TOO_MANY_SEQUENCES",
        message: 'The model "sum" keeps 3 sequences, and takes no more.',
        hint: "End sequences by marking their last step, or raise sequence.maxSize of the handler.",
      }),
    );
    for (const id of ["e", "f", "g"]) await totals([1], id, { end: true });
    assert.deepEqual(await totals([1], "h", { start: true, end: true }), [1]);
  });

  it("stays with the version on which it began", async () => {
    await totals([1], "i", { start: true });
    putModel(root, "sum/2", runningSum(10));
    for (let i = 0; i < 100 && server.describe("sum").aliases.default !== "2"; i++) {
      await totals([0], "i");
      await sleep(50);
    }
    assert.deepEqual(await totals([1], "i"), [2]);
    assert.deepEqual(await totals([1], "j", { start: true, end: true }), [10]);
    assert.deepEqual(await totals([1], "i", { end: true }), [3]);
  });

  it("gives a handler's own functions a memory, which a step that fails leaves as it was", async () => {
    const step = (item: { n: number; fail?: boolean }, flags = {}) => story.predict(item, { sequence: { id: "s", ...flags } });
    assert.deepEqual(await step({ n: 1 }, { start: true }), [1]);
    await assert.rejects(step({ n: 2, fail: true }), /failed/);
    assert.deepEqual(await step({ n: 3 }), [1, 3]);
    assert.deepEqual(await story.predict({ n: 9 }), [9]);
    assert.deepEqual(await step({ n: 4 }, { end: true }), [1, 3, 4]);
  });

  it("is open as before where its last step fails, and none where its first does", async () => {
    const step = (item: { n: number; fail?: boolean; slow?: number }, flags = {}) =>
      story.predict(item, { sequence: { id: "u", ...flags } });
    await step({ n: 1 }, { start: true });
    await assert.rejects(step({ n: 2, fail: true }, { end: true }), /failed/);
    assert.deepEqual(await step({ n: 3 }, { end: true }), [1, 3]);
    const failing = step({ n: 1, fail: true, slow: 20 }, { start: true });
    const unknown = refusal({ code: "SERVING_UNKNOWN_SEQUENCE" });
    await Promise.all([assert.rejects(failing, /failed/), assert.rejects(step({ n: 2 }), unknown)]);
    await assert.rejects(step({ n: 3 }), unknown);
    assert.deepEqual(await step({ n: 4 }, { start: true, end: true }), [4]);
  });

  it("that begins again under the same name waits for the last step of the one before", async () => {
    const step = (item: { n: number; slow?: number }, flags = {}) => story.predict(item, { sequence: { id: "v", ...flags } });
    await step({ n: 1 }, { start: true });
    seen.length = 0;
    const last = step({ n: 2, slow: 50 }, { end: true });
    const first = step({ n: 3 }, { start: true });
    assert.deepEqual(await Promise.all([last, first, step({ n: 4 }, { end: true })]), [[1, 2], [3], [3, 4]]);
    assert.deepEqual(seen, [2, 3, 4]);
  });

  it("counts a step's deadline from when it was asked for", async () => {
    const options = { sequence: { id: "t" }, deadline: 40 };
    await story.predict({ n: 0 }, { sequence: { id: "t", start: true } });
    seen.length = 0;
    const slow = story.predict({ n: 1, slow: 100 }, { sequence: { id: "t" } });
    await assert.rejects(story.predict({ n: 2 }, options), refusal({ code: "SERVING_DEADLINE" }));
    await slow;
    assert.deepEqual(seen, [1]);
  });

  it("cannot be declared with a state that the model does not have", async () => {
    await assert.rejects(
      server.signature("wrong"),
      refusal({
        code: "SERVING_NOT_READY",
        message:
          /sequence of the handler "wrong" names "stateM", which is not among the model's outputs: total \[1, -1\], stateN/,
      }),
    );
  });

  it("with a state that only a loaded model can be held against leaves nothing loaded where that does not fit", async () => {
    const x = { name: "x", datatype: "FP32", shape: [-1] } as const;
    let loaded = 0;
    const runtime: Runtime = {
      kind: "own",
      needsFiles: false,
      load: async () => {
        loaded++;
        return {
          takes: "tensors",
          signature: { inputs: [x], outputs: [{ ...x, name: "y" }] },
          batches: false,
          slots: 1,
          run: async (inputs) => ({ result: { y: inputs["x"]! }, milliseconds: 0 }),
          close: () => void loaded--,
        };
      },
    };
    const unfit = handler({ name: "unfit", runtime, sequence: { state: { none: "x" } } });
    const other = new ModelServer({ handlers: [unfit], root });
    await other.start();
    await other.settled();
    assert.match(other.versions("unfit")[0]!.error!, /sequence of the handler "unfit" names "none"/);
    assert.equal(loaded, 0);
    await other.close();
  });
});
