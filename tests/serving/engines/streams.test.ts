import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { after, describe, it } from "node:test";
import { handler, ModelServer, type PredictionEvent } from "cortado/serving";
import { z } from "zod";
import { refusal } from "../refused.ts";

const ended: string[] = [];
const signals: AbortSignal[] = [];

/** Counts up, one piece each. */
const counter = handler({
  name: "counter",
  input: z.object({ to: z.number(), pause: z.number().default(0), hang: z.boolean().default(false) }),
  piece: z.string(),
  deadline: 300,
  initialize: () => ({ first: 1 }),
  stream: async function* ({ to, pause, hang }, { first }, { signal }) {
    signals.push(signal);
    try {
      for (let n = first; n <= to; n++) {
        if (pause) await sleep(pause);
        yield n === 13 ? (13 as unknown as string) : String(n);
      }
      if (hang) await new Promise(() => {});
    } finally {
      ended.push("counter");
    }
  },
});
const numbers = handler({
  name: "numbers",
  stream: async function* ({ to }: { to: number }) {
    for (let n = 1; n <= to; n++) yield n;
  },
});
const summed = handler({
  name: "summed",
  stream: async function* ({ to }: { to: number }) {
    for (let n = 1; n <= to; n++) yield n;
  },
  collect: (pieces) => pieces.reduce((a, b) => a + b, 0),
});
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;
const takeAndDrop = async () => void (await server.stream("counter", { to: 1000 }));
const beginAndDrop = async () => void (await (await server.stream("counter", { to: 1000 }))[Symbol.asyncIterator]().next());
let lateFailures = 0;
const failing = handler({
  name: "failing",
  stream: async function* () {
    yield "1";
    await sleep(20);
    lateFailures++;
    throw new Error("It failed late.");
  },
});
const whole = handler({ name: "whole", inference: (items: { n: number }[]) => items.map(({ n }) => n * 2) });

const server = new ModelServer({ handlers: [counter, numbers, summed, failing, whole] });
await server.start();
await server.settled();
after(() => server.close());

const gathered = (pieces: AsyncIterable<unknown>) => Array.fromAsync(pieces);

describe("a stream", () => {
  it("gives the pieces of one answer as they come", async () => {
    const pieces: string[] = [];
    for await (const piece of counter.stream({ to: 3 })) pieces.push(piece);
    assert.deepEqual(pieces, ["1", "2", "3"]);
  });

  it("says which version answers, and fails before the first piece as a prediction does", async () => {
    const stream = await server.stream("counter", { to: 2 });
    assert.deepEqual([stream.model, stream.version], ["counter", "1"]);
    assert.deepEqual(await gathered(stream), ["1", "2"]);
    await assert.rejects(server.stream("counter", { to: "many" }), refusal({ code: "SERVING_BAD_INPUT" }));
    await assert.rejects(server.stream("none", {}), refusal({ code: "SERVING_UNKNOWN_MODEL" }));
  });

  it("is one piece where the model answers whole", async () => {
    assert.deepEqual(await gathered(whole.stream({ n: 4 })), [8]);
  });

  it("can be asked for whole: strings are joined, anything else is made one by collect", async () => {
    assert.equal(await counter.predict({ to: 3 }), "123");
    assert.equal(await summed.predict({ to: 4 }), 10);
    await assert.rejects(
      numbers.predict({ to: 2 }),
      refusal({
        code: "SERVING_BAD_OUTPUT",
        message: 'The stream of the handler "numbers" gave pieces that are not strings, and no collect makes one answer of them.',
      }),
    );
  });

  it("ends the handler's function when the reader stops, and gives its place to the next", async () => {
    ended.length = 0;
    for await (const piece of counter.stream({ to: 1000 })) if (piece === "2") break;
    await sleep(10);
    assert.deepEqual(ended, ["counter"]);
    assert.equal(signals.at(-1)!.aborted, true);
    assert.deepEqual(await gathered(counter.stream({ to: 1 })), ["1"]);
  });

  it("waits for its turn as any prediction", async () => {
    const first = await server.stream("counter", { to: 3, pause: 20 });
    const order: string[] = [];
    const second = gathered(counter.stream({ to: 1 })).then(() => order.push("second"));
    await gathered(first).then(() => order.push("first"));
    await second;
    assert.deepEqual(order, ["first", "second"]);
    const before = await server.stream("counter", { to: 2, pause: 20 });
    const waiting = server.stream("counter", { to: 1 });
    await gathered(before);
    const { queued, first: milliseconds } = await waiting;
    assert.ok(queued > 15 && milliseconds >= queued, `${queued} of ${milliseconds}`);
    await gathered(await waiting);
  });

  it("has the deadline for each piece, not for all of them", async () => {
    assert.equal((await gathered(counter.stream({ to: 5, pause: 100 }))).length, 5);
    const hanging = await server.stream("counter", { to: 1, hang: true });
    await assert.rejects(gathered(hanging), refusal({ code: "SERVING_DEADLINE" }));
    await assert.rejects(
      gathered(counter.stream({ to: 2, pause: 100 }, { deadline: 20 })),
      refusal({ code: "SERVING_DEADLINE", message: 'The model "counter" did not answer within 20 ms.' }),
    );
    assert.deepEqual(await gathered(counter.stream({ to: 1 })), ["1"], "one that hangs holds no place");
  });

  it("does not count the reader's own time", async () => {
    const pieces: unknown[] = [];
    for await (const piece of counter.stream({ to: 2 })) {
      await sleep(400);
      pieces.push(piece);
    }
    assert.deepEqual(pieces, ["1", "2"]);
  });

  it("ends at once when its caller's signal is aborted", async () => {
    const leaving = new AbortController();
    const stream = await server.stream("counter", { to: 1, hang: true }, { signal: () => leaving.signal });
    setTimeout(() => leaving.abort(), 20);
    const started = performance.now();
    await assert.rejects(gathered(stream), { name: "AbortError" });
    assert.ok(performance.now() - started < 290);
  });

  it("gives its place to the next when its caller goes before it has begun to read", async () => {
    const controller = new AbortController();
    const left = await server.stream("counter", { to: 5 }, { signal: controller.signal });
    controller.abort();
    assert.deepEqual(await gathered(counter.stream({ to: 1 })), ["1"]);
    await assert.rejects(gathered(left), { name: "AbortError" });
  });

  it("gives its place to the next when nobody has it any more, begun to read or not", async () => {
    for (const drop of [takeAndDrop, beginAndDrop]) {
      ended.length = 0;
      await drop();
      for (let tries = 0; ended.length === 0 && tries < 200; tries++) {
        collectGarbage();
        await sleep(5);
      }
      assert.deepEqual(ended, ["counter"], drop.name);
      assert.deepEqual(await gathered(counter.stream({ to: 1 })), ["1"]);
    }
    // What is being read is read on, though nobody has the stream itself any more.
    const pieces: unknown[] = [];
    for await (const piece of await server.stream("counter", { to: 4, pause: 5 })) {
      collectGarbage();
      await sleep(5);
      pieces.push(piece);
    }
    assert.deepEqual(pieces, ["1", "2", "3", "4"]);
  });

  it("asks for nothing more once its caller has gone, so that nothing fails later that nobody waits for", async () => {
    const controller = new AbortController();
    const pieces = failing.stream({}, { signal: controller.signal })[Symbol.asyncIterator]();
    assert.equal((await pieces.next()).value, "1");
    controller.abort();
    await assert.rejects(pieces.next(), { name: "AbortError" });
    await sleep(50);
    assert.equal(lateFailures, 0);
  });

  it("refuses a piece that the schema of pieces refuses, after the ones before it", async () => {
    const pieces: unknown[] = [];
    const read = async () => {
      for await (const piece of counter.stream({ to: 14 })) pieces.push(piece);
    };
    await assert.rejects(
      read(),
      refusal({
        code: "SERVING_BAD_OUTPUT",
        message: /^The stream of the handler "counter" gave what its schema of pieces refuses: piece/,
      }),
    );
    assert.equal(pieces.length, 12);
  });

  it("is told to observers with its pieces, and counted as one request", async () => {
    const before = server.describeVersion("counter", "1").statistics.success.count;
    const events: PredictionEvent[] = [];
    const stop = server.observe((event) => events.push(event));
    await gathered(counter.stream({ to: 3 }, { requestId: "r1" }));
    stop();
    assert.deepEqual(
      events.map(({ outputs, streamed, options }) => [outputs, streamed, options.requestId]),
      [[["1", "2", "3"], true, "r1"]],
    );
    assert.equal(server.describeVersion("counter", "1").statistics.success.count, before + 1);
  });
});
