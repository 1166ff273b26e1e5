import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { handler, ModelServer } from "cortado/serving";
import { refusal } from "../refused.ts";

const order: number[] = [];
const signals: AbortSignal[] = [];
const gates = new Map<string, PromiseWithResolvers<void>>();

/** Holds the model until it is let go, so that what comes meanwhile waits. */
function gate(name: string): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>();
  gates.set(name, made);
  return made;
}

interface Job {
  n: number;
  gate?: string;
}

const work = async (items: Job[]) => {
  for (const { n, gate: name } of items) {
    if (name) await gates.get(name)!.promise;
    order.push(n);
  }
  return items.map(({ n }) => ({ n }));
};

const ranked = handler({ name: "ranked", batch: false, inference: work });
const levels = handler({ name: "levels", batch: false, queue: { levels: 1 }, inference: work });
const impatient = handler({ name: "impatient", batch: false, queue: { maxWait: 60 }, inference: work });
const patient = handler({ name: "patient", batch: false, queue: { maxWait: 60, whenLate: "delay" }, inference: work });
const full = handler({ name: "full", batch: false, queue: { maxSize: 2 }, inference: work });
const watched = handler({
  name: "watched",
  batch: false,
  inference: async (items: Job[], _state, { signal }) => {
    signals.push(signal!);
    await sleep(3000, undefined, { signal: signal! }).catch(() => {});
    return items;
  },
});

const server = new ModelServer({ handlers: [ranked, levels, impatient, patient, full, watched] });
await server.start();
await server.settled();
after(() => server.close());

/** Waits until the model has begun to run what holds it. */
const begun = () => sleep(20);

describe("a queue", () => {
  it("runs work of a higher priority first, and equal work in the order it came", async () => {
    order.length = 0;
    const held = gate("ranked");
    const jobs = [ranked.predict({ n: 0, gate: "ranked" })];
    await begun();
    const priorities = [0, 9, 1, 5, 1, 10, 99];
    jobs.push(...priorities.map((priority, i) => ranked.predict({ n: i + 1 }, { priority })));
    await begun();
    held.resolve();
    await Promise.all(jobs);
    assert.deepEqual(order, [0, 3, 5, 1, 4, 2, 6, 7]);
  });

  it("knows no priorities where the handler has one level", async () => {
    order.length = 0;
    const held = gate("levels");
    const jobs = [levels.predict({ n: 0, gate: "levels" })];
    await begun();
    jobs.push(levels.predict({ n: 1 }, { priority: 9 }), levels.predict({ n: 2 }, { priority: 1 }));
    held.resolve();
    await Promise.all(jobs);
    assert.deepEqual(order, [0, 1, 2]);
  });

  it("gives a request its own deadline, while it waits and while it runs", async () => {
    const held = gate("ranked");
    const running = ranked.predict({ n: 0, gate: "ranked" }, { deadline: 40 });
    const waiting = ranked.predict({ n: 1 }, { deadline: 60 });
    const rest = ranked.predict({ n: 2 });
    const late = (milliseconds: number) =>
      refusal({
        code: "SERVING_DEADLINE",
        message: `The model "ranked" did not answer within ${milliseconds} ms.`,
        hint: "Give it more time, by the request's deadline or the handler's, or send less at once.",
      });
    await Promise.all([assert.rejects(running, late(40)), assert.rejects(waiting, late(60))]);
    order.length = 0;
    held.resolve();
    await rest;
    assert.deepEqual(order, [0, 2], "what was late while it waited is not run");
  });

  it("refuses work that has waited too long for its turn, where the handler says so", async () => {
    const held = gate("impatient");
    const first = impatient.predict({ n: 0, gate: "impatient" });
    await begun();
    await assert.rejects(
      impatient.predict({ n: 1 }),
      refusal({
        code: "SERVING_WAITED_TOO_LONG",
        message: 'The model "impatient" is busy: the prediction waited longer than 60 ms for its turn.',
        hint: "Try again after the seconds that Retry-After says.",
      }),
    );
    held.resolve();
    await first;
  });

  it("puts work that has waited too long behind everything else, where the handler says so", async () => {
    order.length = 0;
    const held = gate("patient");
    const jobs = [patient.predict({ n: 0, gate: "patient" })];
    await begun();
    jobs.push(patient.predict({ n: 1 }, { priority: 1 }));
    await sleep(150);
    jobs.push(patient.predict({ n: 2 }, { priority: 10 }));
    held.resolve();
    await Promise.all(jobs);
    assert.deepEqual(order, [0, 2, 1]);
  });

  it("gives the last place of the least urgent work to what is more urgent, when it is full", async () => {
    order.length = 0;
    const held = gate("full");
    const first = full.predict({ n: 0, gate: "full" });
    await begun();
    const [kept, displaced] = [full.predict({ n: 1 }, { priority: 9 }), full.predict({ n: 2 }, { priority: 9 })];
    const refused = assert.rejects(displaced, refusal({ code: "SERVING_QUEUE_FULL" }));
    await assert.rejects(full.predict({ n: 3 }, { priority: 9 }), refusal({ code: "SERVING_QUEUE_FULL" }));
    const urgent = full.predict({ n: 4 }, { priority: 1 });
    await refused;
    const both = full.predictMany([{ n: 5 }, { n: 6 }], { priority: 2 });
    await assert.rejects(both, refusal({ code: "SERVING_QUEUE_FULL" }), "all of it or none");
    held.resolve();
    await Promise.all([first, kept, urgent]);
    assert.deepEqual(order, [0, 4, 1]);
  });

  it("runs nothing of what was asked for as a whole, when more urgent work has taken the place of some of it", async () => {
    order.length = 0;
    const held = gate("full");
    const first = full.predict({ n: 0, gate: "full" });
    await begun();
    const refused = assert.rejects(
      full.predictMany([{ n: 1 }, { n: 2 }], { priority: 9 }),
      refusal({ code: "SERVING_QUEUE_FULL" }),
    );
    await begun();
    const urgent = full.predict({ n: 3 }, { priority: 1 });
    await refused;
    held.resolve();
    await Promise.all([first, urgent]);
    assert.deepEqual(order, [0, 3]);
  });

  it("forgets work whose caller has left, and has room for others then", async () => {
    order.length = 0;
    const held = gate("full");
    const first = full.predict({ n: 0, gate: "full" });
    await begun();
    const leaving = new AbortController();
    const left = [1, 2].map((n) => full.predict({ n }, { signal: leaving.signal }));
    const refused = Promise.all(left.map((one) => assert.rejects(one, { name: "AbortError" })));
    await assert.rejects(full.predict({ n: 3 }), refusal({ code: "SERVING_QUEUE_FULL" }));
    leaving.abort();
    await refused;
    const next = full.predict({ n: 4 });
    held.resolve();
    await Promise.all([first, next]);
    assert.deepEqual(order, [0, 4]);
    assert.equal(server.describeVersion("full", "1").statistics.cancelled, 2);
  });

  it("does not begin what was given up before it came", async () => {
    order.length = 0;
    await assert.rejects(full.predict({ n: 1 }, { signal: AbortSignal.abort() }), { name: "AbortError" });
    await full.predict({ n: 2 });
    assert.deepEqual(order, [2]);
  });

  it("tells a run that nobody waits for it any more", async () => {
    const leaving = new AbortController();
    const asked = watched.predict({ n: 0 }, { signal: leaving.signal });
    await begun();
    assert.equal(signals[0]!.aborted, false);
    leaving.abort();
    await assert.rejects(asked, { name: "AbortError" });
    await sleep(80);
    assert.equal(signals[0]!.aborted, true);
    await assert.rejects(watched.predict({ n: 1 }, { deadline: 30 }), refusal({ code: "SERVING_DEADLINE" }));
    await sleep(80);
    assert.equal(signals[1]!.aborted, true);
  });
});
