import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { handler, ModelServer, protocolUrls } from "cortado/serving";
import { z } from "zod";
import { identityModel, putModel, temporaryFolder, timesModel } from "../models.ts";
import { twoInputs } from "../protocols/half-plus.ts";
import { protocolSite } from "../protocols/protocol-site.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "two/1", twoInputs());
putModel(root, "text/1", identityModel("string", ["batch"]));
putModel(root, "whole/1", identityModel("int64", ["batch", 2]));
putModel(root, "flags/1", identityModel("bool", ["batch"]));
putModel(root, "scalar/1", identityModel("float", []));
const priced = handler({
  name: "priced",
  access: "public",
  input: z.object({ size: z.number() }),
  inference: (items) => items.map(({ size }) => ({ price: size })),
});
const models = new ModelServer({ handlers: [priced], directories: [root], access: "public", log: { info() {}, warn() {} } });
const site = await protocolSite(protocolUrls(["tensorflow-serving", "torchserve", "mlflow"]), models);
after(() => site.close());

const names = ["double", "two", "text", "whole", "flags", "scalar", "priced"];
const addresses = names.flatMap((name) => [
  ...(name === "priced" ? [] : ["predict", "classify", "regress"].map((verb) => `/v1/models/${name}:${verb}`)),
  `/predictions/${name}`,
  `/mlflow/${name}/invocations`,
]);

/** Numbers from 0 up to 1, the same in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

const random = randomNumbers(7);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const keys = [
  "instances",
  "inputs",
  "examples",
  "context",
  "signature_name",
  "dataframe_split",
  "dataframe_records",
  "columns",
  "data",
];
const inner = ["x", "a", "b", "b64", "size", "params", "toString", "constructor", "hasOwnProperty", "length", "y"];
const scalars = [
  "1",
  "-0",
  "1e999",
  "9007199254740993",
  "1.5",
  '"a"',
  '""',
  "true",
  "null",
  "NaN",
  "-Infinity",
  '"\\u0000"',
  '{"b64": "!"}',
  '{"b64": "/w=="}',
  "[]",
  "{}",
];

function json(depth: number): string {
  if (depth === 0 || random() < 0.3) return pick(scalars);
  const count = Math.floor(random() * 4);
  if (random() < 0.5) return `[${Array.from({ length: count }, () => json(depth - 1)).join()}]`;
  const names = depth > 2 ? keys : inner;
  return `{${Array.from({ length: count }, () => `"${pick(random() < 0.8 ? names : inner)}": ${json(depth - 1)}`).join()}}`;
}

async function ask(address: string, body: string | Buffer, type: string): Promise<{ status: number; text: string }> {
  const response = await fetch(site.url + address, { method: "POST", body: body as string, headers: { "content-type": type } });
  return { status: response.status, text: await response.text() };
}

describe("other protocols under attack", () => {
  it("answer whatever JSON comes without a fault or a path", async () => {
    for (let i = 0; i < 1500; i++) {
      const [address, body] = [pick(addresses), random() < 0.9 ? `{"${pick(keys)}": ${json(3)}}` : json(5)];
      const { status, text } = await ask(address, body, "application/json");
      assert.ok([200, 400, 422].includes(status), `${status} for ${address} ${body}: ${text}`);
      assert.doesNotMatch(text, /\.ts:|node_modules|\/tmp\/|\/work\//);
    }
  });

  it("answer whatever bytes come, under whatever type", async () => {
    const types = [
      "application/json",
      "text/csv",
      "text/plain",
      "application/octet-stream",
      "multipart/form-data; boundary=x",
      "application/x-www-form-urlencoded",
    ];
    for (let i = 0; i < 500; i++) {
      const body = Buffer.from(Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256)));
      const [address, type] = [pick(addresses), pick(types)];
      const { status, text } = await ask(address, random() < 0.5 ? body : Buffer.concat([Buffer.from('{"x": "'), body]), type);
      assert.ok([200, 400, 415, 422].includes(status), `${status} for ${address} ${type}: ${text}`);
    }
  });

  it("refuse bodies that are too large, and addresses that climb", async () => {
    const large = await ask("/v1/models/double:predict", Buffer.alloc(65 * 2 ** 20, " "), "application/json");
    assert.equal(large.status, 413);
    assert.match(large.text, /^\{\n {4}"error": /);
    for (const address of [
      "/v1/models/..%2f..%2fetc:predict",
      "/v1/models/%2e%2e/metadata",
      "/predictions/..%5c..%5cetc",
      "/predictions/a%00b",
      "/mlflow/__proto__/invocations",
    ]) {
      const { status } = await ask(address, "{}", "application/json");
      assert.ok([400, 404].includes(status), `${status} for ${address}`);
    }
  });

  it("read tables and strings that are made to be slow in no time", async () => {
    const started = performance.now();
    for (const csv of [
      '"'.repeat(200_001),
      `a\n${'""'.repeat(100_000)}`,
      `"${"a".repeat(500_000)}`,
      ",".repeat(100_000),
      "\r".repeat(200_000),
    ])
      await ask("/mlflow/priced/invocations", csv, "text/csv");
    const strings = [
      `{"instances": ["${"NaN\\\\".repeat(50_000)}"]}`,
      `{"instances": [${"NaN ".repeat(50_000)}]}`,
      `{"instances": [{"b64": "${"=".repeat(200_000)}"}]}`,
    ];
    for (const text of strings) await ask("/v1/models/text:predict", text, "application/json");
    assert.ok(performance.now() - started < 20_000);
  });
});
