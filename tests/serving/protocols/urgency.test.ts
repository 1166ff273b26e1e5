import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { client } from "cortado/client";
import { defineApp, defineProject, include, openProject, path } from "cortado";
import { handler, modelUrls } from "cortado/serving";

const order: string[] = [];
let open = () => {};
const slow = handler({
  name: "slow",
  access: "public",
  batch: false,
  inference: async (items: string[]) => {
    order.push(...items);
    if (items[0] === "first") await new Promise<void>((done) => (open = done));
    if (items[0] === "late") await sleep(2000);
    return items;
  },
});
const app = defineApp({ name: "site", handlers: { slow } });
const project = await openProject(
  defineProject({
    mode: "test",
    secretKey: "for tests",
    database: "sqlite::memory:",
    apps: [app],
    urls: [path("api/", include(modelUrls()))],
    serving: { protocols: ["open-inference", "torchserve"] },
  }),
);
const url = await project.listen({ port: 0 });
after(() => project.close());
const models = client<{ slow: typeof slow }>({ url: `${url}/api` });

const ask = (address: string, body: object | string, headers: Record<string, string>) =>
  fetch(url + address, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
const predict = (input: string, headers: Record<string, string> = {}) => ask("/api/models/slow/predict", { input }, headers);

describe("the urgency of a request over HTTP", () => {
  it("is a header: what comes first waits for what is more urgent", async () => {
    const first = predict("first");
    while (order.length === 0) await sleep(5);
    const waiting = [predict("usual"), predict("low", { "cortado-priority": "9" })];
    waiting.push(ask("/predictions/slow", "torch", { "cortado-priority": "2" }));
    const high = models.slow.predict("high", { priority: 1 });
    const queued = () => project.services.models.describeVersion("slow", "1").waiting;
    while (queued() !== 4) await sleep(5);
    open();
    await Promise.all([first, high, ...waiting]);
    assert.deepEqual(order.splice(0), ["first", "high", "torch", "usual", "low"]);
  });

  it("is a header: an answer that does not come in time is 504, the model's own deadline being later", async () => {
    const response = await predict("late", { "cortado-deadline": "60" });
    const { error } = (await response.json()) as any;
    assert.deepEqual([response.status, error.code], [504, "SERVING_DEADLINE"]);
    assert.match(error.message, /60 ms/);
    await assert.rejects(models.slow.predict("late", { deadline: 60 }), { status: 504, code: "SERVING_DEADLINE" });
    const parameters = { timeout: 60_000 };
    const items = [{ name: "items", datatype: "BYTES", shape: [1], data: ['"late"'] }];
    const later = { "cortado-deadline": "100000" };
    assert.equal((await ask("/v2/models/slow/infer", { parameters, inputs: items }, later)).status, 504);
    assert.equal((await ask("/v2/models/slow/infer", { inputs: items }, { "cortado-deadline": "60" })).status, 504);
  });

  it("is refused where it is no whole number from 1, in the words of the protocol", async () => {
    for (const [header, given] of [
      ["Cortado-Priority", "high"],
      ["Cortado-Priority", "0"],
      ["Cortado-Deadline", "-5"],
      ["Cortado-Deadline", "1e3"],
      ["Cortado-Deadline", "1000000000"],
    ] as const) {
      // prettier-ignore
      const response = await predict("a", { [header]: given });
      const { error } = (await response.json()) as any;
      const message = `The header ${header} is "${given}", and must be a whole number from 1 to 999999999.`;
      assert.deepEqual([response.status, error.code, error.message], [400, "SERVING_BAD_INPUT", message]);
    }
    const torch = await ask("/predictions/slow", {}, { "cortado-priority": "high" });
    assert.deepEqual([torch.status, ((await torch.json()) as any).type], [400, "BadRequestException"]);
  });
});
