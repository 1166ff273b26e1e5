// A handler whose own code does not end while it is loaded, in the web process, where nothing can end it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, ModelServer } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";
import { publish, until } from "../versions/served.ts";

const endless = handler<number, number, number, number>({
  name: "endless",
  initialize: () => new Promise<undefined>(() => {}),
  inference: (items) => items,
});

test(
  "closing does not wait for it, and tells what it left; who waited for an answer is told too",
  { timeout: 60_000 },
  async () => {
    const warned: string[] = [];
    const server = new ModelServer({ handlers: [endless], log: { info() {}, warn: (text) => warned.push(text) } });
    await server.start();
    const waiting = assert.rejects(server.predict("endless", [1]), refusal({ code: "SERVING_NOT_LOADED" }));
    assert.deepEqual(server.unfinished(), ["endless@1 is being loaded"]);
    const since = performance.now();
    await server.close();
    assert.ok(performance.now() - since < 30_000);
    assert.deepEqual(warned, [
      "endless@1 was still being loaded when the server closed: what loads it goes on until the process ends.",
    ]);
    await waiting;
  },
);

test("what it gives after all when the server has closed is let go", { timeout: 60_000 }, async () => {
  const loaded = Promise.withResolvers<void>();
  const slow = handler<number, number, number, number>({
    name: "slow",
    initialize: () => loaded.promise as Promise<never>,
    inference: (items) => items,
  });
  const server = new ModelServer({ handlers: [slow], log: { info() {}, warn() {} } });
  await server.start();
  await server.close();
  loaded.resolve();
  await new Promise((done) => setImmediate(done));
  assert.notEqual(server.versions("slow")[0]!.state, "ready");
  assert.deepEqual(server.unfinished(), []);
});

test("a request waits for it no longer than its own deadline", async (t) => {
  const server = new ModelServer({ handlers: [endless], log: { info() {}, warn() {} } });
  await server.start();
  t.after(() => server.close());
  const late = refusal({ code: "SERVING_DEADLINE", message: 'The model "endless" did not answer within 50 ms.' });
  await assert.rejects(server.predict("endless", [1], { deadline: 50 }), late);
  await assert.rejects(server.predict("endless", [1], { deadline: 50, version: "1" }), late);
  await assert.rejects(server.stream("endless", 1, { deadline: 50 }), late);
});

test("the deadline of a request is one over the load of its model and its run", async (t) => {
  let asked = 0;
  const late = handler<number, number, number, number>({
    name: "late",
    initialize: () => sleep(300, undefined),
    inference: async (items) => {
      asked++;
      return sleep(300, items);
    },
  });
  const message = 'The model "late" did not answer within 500 ms.';
  for (const version of ["1", undefined]) {
    const server = new ModelServer({ handlers: [late], loading: "lazy", log: { info() {}, warn() {} } });
    await server.start();
    t.after(() => server.close());
    await assert.rejects(server.predict("late", [1], { deadline: 500, version }), refusal({ code: "SERVING_DEADLINE", message }));
  }
  const server = new ModelServer({ handlers: [late], loading: "lazy", log: { info() {}, warn() {} } });
  await server.start();
  t.after(() => server.close());
  const before = asked;
  await assert.rejects(server.signature("late", { deadline: 50 }), refusal({ code: "SERVING_DEADLINE" }));
  await server.load("late");
  const since = performance.now() - 500;
  await assert.rejects(server.predict("late", [1], { deadline: 500, since }), refusal({ code: "SERVING_DEADLINE", message }));
  assert.equal(asked, before, "what is late when it is asked for is not run");
});

test("newer versions do not wait for it: the newest one overtakes it, and answers who waited", { timeout: 60_000 }, async (t) => {
  const root = temporaryFolder(t);
  const begun: string[] = [];
  const first = Promise.withResolvers<void>();
  const stuck = handler<number, number, number, number>({
    name: "stuck",
    source: "file:stuck",
    initialize: async ({ version }) => {
      begun.push(version);
      if (version === "2") await first.promise;
      return undefined;
    },
    inference: (items) => items,
  });
  await publish(root, "2", { model: "stuck" });
  const server = new ModelServer({ handlers: [stuck], root, log: { info() {}, warn() {} } });
  await server.start();
  t.after(() => server.close());
  const waiting = server.predict("stuck", [1]);
  for (const version of ["1", "3", "4"]) await publish(root, version, { model: "stuck" });
  assert.deepEqual([(await waiting).version, begun], ["4", ["2", "4"]], "only the newest is loaded");
  first.resolve();
  await until(() => server.versions("stuck").some(({ version, state }) => version === "2" && state === "ready"));
  assert.equal((await server.predict("stuck", [1])).version, "4");
});
