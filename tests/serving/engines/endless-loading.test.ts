// A handler whose own code does not end while it is loaded, in the web process, where nothing can end it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { handler, ModelServer } from "cortado/serving";
import { refusal } from "../refused.ts";

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
