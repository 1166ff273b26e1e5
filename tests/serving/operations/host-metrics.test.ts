// What is told of hosts, and of requests that were not answered.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { handler, metricsUrls, ModelServer } from "cortado/serving";
import { loopModel, putModel, temporaryFolder } from "../models.ts";
import { protocolSite } from "../protocols/protocol-site.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
putModel(root, "loop/1", loopModel());
const waits = handler({
  name: "waits",
  batch: false,
  queue: { maxSize: 1 },
  inference: async (items: { wait: number }[]) => (await sleep(items[0]!.wait), items),
});
const loop = handler<any, any, any, any, any>({ name: "loop", source: "file:loop", deadline: 1000 });
const models = new ModelServer({
  handlers: [waits, loop],
  root,
  payloads: { to: join(root, "written"), models: ["waits"] },
});
const allow = { async authorize() {} };
const site = await protocolSite(metricsUrls({ authorizer: allow as any }), models);
after(() => site.close());

async function scrape(): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${site.url}/metrics`)).text();
  const samples = text
    .trimEnd()
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  return new Map(samples.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]));
}

const outcome = (model: string, how: string) => `cortado_requests_total{model="${model}",version="1",outcome="${how}"}`;

test("requests that were refused, came too late or were left are counted apart from those that failed", async () => {
  const leaving = new AbortController();
  const first = models.predict("waits", [{ wait: 300 }]);
  await sleep(50);
  const left = models.predict("waits", [{ wait: 0 }], { signal: leaving.signal });
  await assert.rejects(models.predict("waits", [{ wait: 0 }]), refusal({ code: "SERVING_QUEUE_FULL" }));
  assert.equal((await scrape()).get('cortado_queue_length{model="waits",version="1"}'), 1);
  leaving.abort();
  await assert.rejects(left);
  await assert.rejects(models.predict("waits", [{ wait: 0 }], { deadline: 20 }), refusal({ code: "SERVING_DEADLINE" }));
  await first;
  const found = await scrape();
  const told = ["answered", "refused", "cancelled", "late", "failed"].map((how) => found.get(outcome("waits", how)));
  assert.deepEqual(told, [1, 1, 1, 1, 0]);
  assert.equal(found.get('cortado_payloads_total{outcome="dropped"}'), 0);
  assert.ok(found.get('cortado_payloads_total{outcome="written"}')! >= 1);
});

test("hosts are told with what they occupy, and those that crashed are counted", async () => {
  const [processId] = models.hosts.processIds();
  const before = await scrape();
  assert.equal(before.get("cortado_hosts"), 1);
  assert.equal(before.get("cortado_host_losses_total"), 0);
  assert.ok(before.get(`cortado_host_memory_bytes{pid="${processId}"}`)! > 10 * 2 ** 20);
  process.kill(processId!, "SIGKILL");
  await assert.rejects(models.predict("loop", [{ count: 2 ** 40 }]), refusal({ code: "SERVING_DEADLINE" }));
  // On a busy machine its host takes longer to start than a prediction may wait.
  for (let i = 0; i < 60 && (await models.predict("loop", [{ count: 3 }]).catch(() => undefined)) === undefined; i++)
    await sleep(100);
  const found = await scrape();
  // A run that took too long ended its host on purpose.
  assert.equal(found.get("cortado_host_losses_total"), 1);
  assert.equal(found.get(`cortado_host_memory_bytes{pid="${processId}"}`), undefined);
  assert.equal(found.get("cortado_hosts"), models.hosts.processIds().length);
  assert.ok(found.get(outcome("loop", "late"))! >= 1 && found.get(outcome("loop", "answered")) === 1);
});
