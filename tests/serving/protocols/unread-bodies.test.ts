import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, type PredictionEvent, serveDirectory } from "cortado/serving";
import { z } from "zod";
import { exampleModels, startV2 } from "./open-inference-server.ts";
import { gatherModel, putModel, timesModel } from "../models.ts";

const WIDTH = 300;
const root = exampleModels();
putModel(root, "double/1", timesModel(2, WIDTH));
putModel(root, "gather/1", gatherModel());
const served = await serveDirectory(root, { port: 0, log: { info() {}, warn() {} } });
await served.models.settled();
after(() => served.close());

const statistics = () => served.models.describeVersion("double", "1").statistics;
const row = (value: number) => Array.from({ length: WIDTH }, () => value);
const doubled = (value: number) => row(2 * value);
/** Spaces that make a body long enough to be read where the model runs. */
const padded = (body: object) => JSON.stringify(body).padEnd(1200);

async function ask(path: string, body: string) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(served.url + path, { method: "POST", headers, body });
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}

const predict = (body: object, model = "double") => ask(`/api/models/${model}/predict`, padded(body));
const infer = (rows: readonly number[]) =>
  ask(
    "/v2/models/double/infer",
    padded({
      id: String(rows.length),
      inputs: [{ name: "x", datatype: "FP32", shape: [rows.length, WIDTH], data: rows.map(row) }],
    }),
  );

describe("bodies of a kilobyte and more that the model reads", () => {
  it("are run together, and each gets the answer to its own rows", async () => {
    const { rows, runs } = statistics();
    const [items, tensors] = await Promise.all([
      Promise.all(Array.from({ length: 24 }, (_, i) => predict({ inputs: Array.from({ length: (i % 3) + 1 }, (_, k) => ({ x: row(i + k) })) }))), // oxfmt-ignore
      Promise.all(Array.from({ length: 24 }, (_, i) => infer(Array.from({ length: (i % 4) + 1 }, (_, k) => i * k)))),
    ]);
    for (const [i, { status, body }] of items.entries()) {
      assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
      assert.deepEqual(
        body.outputs,
        Array.from({ length: (i % 3) + 1 }, (_, k) => ({ y: doubled(i + k) })),
      );
      assert.deepEqual([body.model, body.version], ["double", "1"]);
    }
    assert.equal(new Set(items.map(({ body }) => body.id)).size, items.length);
    for (const [i, { status, body }] of tensors.entries()) {
      assert.equal(status, 200, JSON.stringify(body).slice(0, 300));
      const n = (i % 4) + 1;
      assert.deepEqual([body.id, body.outputs[0].shape], [String(n), [n, WIDTH]]);
      assert.deepEqual(body.outputs[0].data, Array.from({ length: n }, (_, k) => doubled(i * k)).flat());
    }
    const ran = statistics();
    assert.equal(ran.rows - rows, 24 * 2 + 24 * 2.5);
    assert.ok(ran.runs - runs < 40, `${ran.runs - runs} runs of 48 bodies`);
  });

  it("are refused one by one, with their code and hint", async () => {
    const wrong = { input: { x: [...row(1).slice(1), "1"] } };
    const bodies = [{ input: { x: row(3) } }, wrong, { inptu: { x: row(1) } }, { input: { x: row(4) } }];
    const [first, second, third, last] = await Promise.all(bodies.map((body) => predict(body)));
    assert.deepEqual([first!.body.output.y, last!.body.output.y], [doubled(3), doubled(4)]);
    assert.deepEqual([second!.status, third!.status], [400, 400]);
    assert.match(second!.body.error.message, /^input\.x has the string "1" as element 299, /);
    assert.equal(third!.body.error.hint, 'Did you mean "input"?');
  });

  it("are told to be no JSON as shorter ones are, with the place", async () => {
    for (const text of ['{"input": NaN}', '{"input": {}} x', "[".repeat(200), '{"__proto__": 1}', '{"a\n']) {
      for (const path of ["/api/models/double/predict", "/v2/models/double/infer"]) {
        const [short, long] = await Promise.all([ask(path, text), ask(path, text + " ".repeat(1200))]);
        assert.deepEqual([long.status, long.body], [400, short.body], text);
      }
    }
  });

  it("may begin with a byte order mark", async () => {
    const { body } = await ask("/api/models/double/predict", `\uFEFF${padded({ input: { x: row(2) } })}`);
    assert.deepEqual(body.output, { y: doubled(2) });
  });

  it("are held to their own timeout however its name is written", async () => {
    const inputs = [{ name: "x", datatype: "FP32", shape: [1, WIDTH], data: row(1) }];
    const text = padded({ inputs, parameters: { timeout: 1 } });
    for (const each of [text, text.replace("timeout", String.raw`t\u0069meout`)])
      assert.equal((await ask("/v2/models/double/infer", each)).status, 504);
  });

  it("are run together no longer than their length lets expect, for they share a deadline", async () => {
    const { runs } = statistics();
    const inputs = Array.from({ length: 20 }, () => ({ x: row(1 / 9.1) }));
    const answers = await Promise.all(Array.from({ length: 12 }, () => predict({ inputs })));
    assert.deepEqual(
      answers.map(({ status }) => status),
      Array.from({ length: 12 }, () => 200),
    );
    assert.ok(statistics().runs - runs >= 12, `${statistics().runs - runs} runs of 12 bodies`);
  });

  it("do not fail one another where the model fails", async () => {
    const [fine, outside] = await Promise.all([1, 99].map((at) => predict({ input: { x: at } }, "gather")));
    assert.equal(fine!.status, 200, JSON.stringify(fine!.body));
    assert.equal(outside!.body.error.code, "SERVING_MODEL_REFUSED");
  });

  it("are read before, where rows may have other shapes, and where code of the handler or an observer sees them", async () => {
    assert.equal((await served.models.signature("double")).readsFrom, 1024);
    const source = "file:double";
    const server = await startV2(root, [
      handler({ name: "checked", source, input: z.object({ x: z.array(z.number()) }) }),
      handler({ name: "bare", source }),
      handler({ name: "wide", source: "file:echo_float", batch: { maxSize: 8 } }),
    ]);
    try {
      assert.deepEqual((await server.models.signature("checked")).reads, ["infer"]);
      assert.deepEqual((await server.models.signature("bare")).reads, ["infer", "items"]);
      assert.equal((await server.models.signature("bare")).readsFrom, 1024);
      assert.equal((await server.models.signature("wide")).readsFrom, 128 * 1024);
      const events: PredictionEvent[] = [];
      server.models.observe((event) => void events.push(event));
      const body = padded({ inputs: [{ name: "x", datatype: "FP32", shape: [1, WIDTH], data: row(1) }] });
      const response = await fetch(`${server.url}/v2/models/bare/infer`, { method: "POST", body });
      assert.equal(response.status, 200);
      assert.deepEqual([Object.keys(events[0]!.inputs), events[0]!.unread], [["x"], undefined]);
    } finally {
      await server.close();
    }
  });
});
