// The Python of the guide: its modules are served as the page says.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { handler, type HandlerOptions, ModelServer, python } from "cortado/serving";
import { blocksOf } from "../../docs/doc-blocks.ts";
import { temporaryFolder } from "../models.ts";
import { refusal } from "../refused.ts";

const root = temporaryFolder();
mkdirSync(join(root, "models"));
for (const { language, text } of blocksOf("docs/guides/runtimes.md"))
  if (language === "py") writeFileSync(join(root, /^# (models\/\w+\.py)\n/.exec(text)![1]!), text);
for (const [name, file, value] of [
  ["prices", "prices.json", { latte: 4500 }],
  ["means", "mean.json", { mean: 3 }],
] as const) {
  mkdirSync(join(root, name, "1"), { recursive: true });
  writeFileSync(join(root, name, "1", file), JSON.stringify(value));
}

const made = (name: string, module: string, more: Partial<HandlerOptions<any, any, any, any, any>> & { options?: object } = {}) =>
  handler<any, any, any, any, any>({ name, runtime: python({ module: `models/${module}.py`, ...more.options }), ...more });
const numbers = { datatype: "FP32", shape: [-1, 4] } as const;
const tensors = { inputs: [{ name: "features", ...numbers }], outputs: [{ name: "scores", ...numbers }] };

const roast = made("roast", "roast");
const drinks = made("drinks", "drinks", { source: "file:prices", options: { parameters: { factor: 2 } } });
const price = made("price", "price", { source: "file:means" });
const scores = made("scores", "scores", { options: tensors });
const server = new ModelServer({ handlers: [roast, drinks, price, scores], root, log: { info() {}, warn() {} } });
await server.start();
await server.settled();
after(() => server.close());

describe("the guide's modules in Python", () => {
  it("answer as the page says", async () => {
    assert.deepEqual(await roast.predict({ minutes: 12, celsius: 220 }), { roast: "dark" });
    await assert.rejects(
      roast.predict({ minutes: 12, celsius: 400 }),
      refusal({ code: "SERVING_MODEL_REFUSED", message: /input\.celsius is 400: that burns/ }),
    );
    assert.deepEqual(await drinks.predict({ name: "latte" }), { price: 9000 });
    assert.deepEqual(await price.predict({}), { price: 3 });
  });

  it("takes tensors where numpy is there", async (t) => {
    const answer = await scores.predict({ features: [1, 2, 3, 4] }).catch((error: Error) => error);
    if (answer instanceof Error) return t.skip(`python3 has no numpy: ${answer.message}`);
    assert.deepEqual(answer, { scores: [2, 4, 6, 8] });
  });
});
