import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, describe, it } from "node:test";
import { include, path } from "cortado/http";
import { handler, healthUrls, ModelServer, modelUrls, pipeline } from "cortado/serving";
import { z } from "zod";
import { protocolSite } from "../protocols/protocol-site.ts";

const QUEUE = 20;
/** Milliseconds of a run. */
const RUN = 10;

const ran: number[] = [];
const busy = handler({
  name: "busy",
  access: "public",
  input: z.object({ n: z.number() }),
  batch: false,
  queue: { maxSize: QUEUE },
  inference: async (items) => {
    ran.push(items[0]!.n);
    await sleep(RUN);
    return items;
  },
});
const around = pipeline({
  name: "around",
  access: "public",
  input: z.object({ n: z.number() }),
  steps: { busy },
  run: (item, steps) => steps.busy(item),
});
const slow = handler({
  name: "slow",
  access: "public",
  input: z.object({ n: z.number() }),
  batch: false,
  inference: async (items) => {
    ran.push(items[0]!.n);
    await sleep(400);
    return items;
  },
});

const models = new ModelServer({ handlers: [busy, around, slow] });
const site = await protocolSite([path("api/", include(modelUrls())), ...healthUrls()], models);
after(() => site.close());

async function ask(model: string, n: number, init: RequestInit = {}) {
  const started = performance.now();
  const response = await fetch(`${site.url}/api/models/${model}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input: { n } }),
    ...init,
  });
  const body = (await response.json()) as { output?: { n: number }; error?: { code: string } };
  return { n, status: response.status, body, retryAfter: response.headers.get("retry-after"), took: performance.now() - started };
}

describe("ten times more than a model can answer", () => {
  it("is answered as far as it goes, in bounded time, and the rest is told when to come back", async () => {
    const healthy: number[] = [];
    let over = false;
    const watching = (async () => {
      while (!over) {
        healthy.push((await fetch(`${site.url}/health/ready`)).status);
        await sleep(20);
      }
    })();
    const rounds = Array.from({ length: 10 }, async (_, round) => {
      await sleep(round * 50);
      return Promise.all(Array.from({ length: 50 }, (__, i) => ask(round % 2 ? "around" : "busy", round * 50 + i)));
    });
    const answers = (await Promise.all(rounds)).flat();
    over = true;
    await watching;
    const accepted = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(accepted.length >= QUEUE, `${accepted.length} accepted`);
    assert.ok(refused.length > 0);
    for (const { n, body } of accepted) assert.deepEqual(body.output, { n });
    for (const { status, body, retryAfter } of refused) {
      assert.deepEqual([status, body.error?.code], [503, "SERVING_QUEUE_FULL"]);
      assert.ok(Number(retryAfter) >= 1);
    }
    const worst = Math.max(...accepted.map(({ took }) => took));
    // Callers and the server share one process, which a busy machine makes slow.
    assert.ok(worst < QUEUE * RUN + 20_000, `the slowest of the accepted took ${worst} ms`);
    assert.ok(healthy.length > 0 && healthy.every((status) => status === 200));
  });

  it("leaves nothing behind: the next request is answered at once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => ask("busy", n)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
  });
});

describe("a client that leaves", () => {
  it("takes its waiting request with it", async () => {
    ran.length = 0;
    const first = ask("slow", 1);
    await sleep(50);
    const leaving = new AbortController();
    const left = [2, 3, 4].map((n) => assert.rejects(ask("slow", n, { signal: leaving.signal }), { name: "AbortError" }));
    await sleep(50);
    leaving.abort();
    await Promise.all(left);
    await sleep(120);
    assert.equal((await ask("slow", 5)).status, 200);
    await first;
    assert.deepEqual(ran, [1, 5]);
    assert.equal(models.describeVersion("slow", "1").statistics.cancelled, 3);
  });
});
