import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { Prediction, registry, trainer } from "cortado/registry";
import { handler } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import { z } from "zod";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { timesModel } from "../models.ts";
import { Chance, hostileNames, inside } from "./random.ts";

const price = handler({
  name: "price",
  record: true,
  input: z.object({ name: z.string(), size: z.number().min(0).max(10).optional(), tags: z.array(z.string()).optional() }),
  inference: (items) => items.map(({ name }) => ({ name, price: name.length })),
});
const echo = handler({ name: "echo", access: "public", record: true, inference: (items: unknown[]) => items });
const words = handler({
  name: "words",
  stream: async function* (item: { text?: unknown }) {
    for (const word of String(item?.text ?? "none").split(" ")) yield word;
  },
});
const chat = handler({ name: "talk", task: "chat", inference: (items: unknown[]) => items.map(() => "yes") });
const embed = handler({ name: "embed", task: "embeddings", inference: (items: unknown[]) => items.map(() => [1, 2, 3]) });
const trained = handler({
  name: "trained",
  train: trainer({ parameters: z.object({ note: z.string().default("") }), run: async () => ({ score: 1 }) }),
  inference: (items: unknown[]) => items,
});
const numbers = handler({ name: "numbers", train: { kind: "none" } });

const database = process.env["CORTADO_TEST_POSTGRES"];
let site: TestSite;
let url: string;
const tokens: Record<string, string> = {};
before(async () => {
  site = await testSite(
    defineProject({
      apps: [
        auth({ user: User }),
        registry(),
        accounts,
        defineApp({ name: "models", handlers: { price, echo, words, chat, embed, trained, numbers } }),
      ],
      urls: [path("api/", include(api.urls))],
      secretKey: "a secret of the tests, long enough for any mode",
      serving: { protocols: ["open-inference", "health", "metrics", "tensorflow-serving", "torchserve", "mlflow", "openai"] },
      debug: false,
      allowedHosts: ["127.0.0.1", "localhost"],
      ...(database ? { database } : {}),
    }),
  );
  url = await site.listen();
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  for (const scope of ["predict", "manage", "train"] as const) tokens[scope] = await createToken(ada, [scope]);
  tokens["all"] = await createToken(ada, ["predict", "manage", "train"]);
  const form = new FormData();
  form.append("file", new Blob([timesModel(2) as Uint8Array<ArrayBuffer>]), "model.onnx");
  const made = await fetch(`${url}/api/models/numbers/versions`, {
    method: "POST",
    body: form,
    headers: { authorization: `Bearer ${tokens["all"]}` },
  });
  assert.equal(made.status, 201, await made.text());
});
after(() => site.close());

const chance = new Chance(23);
const names = [
  ..."input inputs name size tags x y answer answers parameters note version canary shadow percent key header tolerance".split(
    " ",
  ),
  ..."instances dataframe_split dataframe_records columns data examples messages role content model stream stop".split(" "),
  ..."encoding_format dimensions n max_tokens __proto__ constructor length toString text".split(" "),
];

/** What a JSON schema describes, or nearly so. */
function sample(schema: any): unknown {
  if (chance.next() < 0.2) return tryJson(chance.json(names, 3));
  if (schema?.enum) return chance.pick(schema.enum as unknown[]);
  if (schema?.anyOf ?? schema?.oneOf) return sample(chance.pick(schema.anyOf ?? schema.oneOf));
  const type = [schema?.type].flat()[0] as string | undefined;
  if (type === "object") {
    const members = Object.entries(schema.properties ?? {}).filter(() => chance.next() < 0.8);
    return Object.fromEntries(members.map(([name, part]) => [name, sample(part)]));
  }
  if (type === "array") return Array.from({ length: chance.below(4) }, () => sample(schema.items ?? {}));
  if (type === "number" || type === "integer") return chance.pick([0, 1, -1, 1.5, 1e308, 2 ** 53, 99]);
  if (type === "boolean") return chance.next() < 0.5;
  return chance.pick(["1", "2", "a", "", "\u0000", "\ud800", "\u{1F600}", "../..", "x".repeat(3000), "' or 1=1 --"]);
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

interface Attack {
  method: string;
  address: string;
  type?: string | undefined;
  body?: string | Buffer | undefined;
}

async function attack({ method, address, type = "application/json", body }: Attack): Promise<Response> {
  const token = chance.pick(["all", "all", "all", "predict", "manage", "train", "none"]);
  const headers: Record<string, string> = { "content-type": type };
  if (token !== "none") headers["authorization"] = `Bearer ${tokens[token]}`;
  const answered = await fetch(url + address, { method, headers, body: (method === "GET" ? undefined : body) as string });
  const text = await answered.clone().text();
  const shown = `${answered.status} for ${method} ${address} ${String(body).slice(0, 600)}: ${text.slice(0, 400)}`;
  assert.ok(answered.status < 500 || [501, 503, 504].includes(answered.status), shown);
  if (!address.includes("metrics")) assert.doesNotMatch(text, inside, shown);
  return answered;
}

describe("a project under attack", () => {
  it("answers all that its OpenAPI document describes, and what is near it, without a fault", async () => {
    const headers = { authorization: `Bearer ${tokens["all"]}` };
    const document = (await (await fetch(`${url}/api/openapi.json`, { headers })).json()) as any;
    const operations: { path: string; method: string; operation: any }[] = Object.entries(document.paths).flatMap(
      ([path, item]) =>
        Object.entries(item as object)
          .filter(([method]) => method !== "parameters")
          .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    );
    assert.ok(operations.length > 60, String(operations.length));
    const given: Record<string, readonly string[]> = {
      version: ["1", "2"],
      alias: ["default", "stable"],
      id: ["1", "2", "0", "00000000-0000-4000-8000-000000000000"],
    };
    for (let round = 0; round < 14; round++) {
      for (const { path, method, operation } of operations) {
        // Versions are left to be attacked by the others.
        if (method === "DELETE" && path.endsWith("{version}") && round < 12) continue;
        const address = path.replace(/\{(\w+)\}/g, (_all, name: string) =>
          chance.pick(chance.next() < 0.7 ? (given[name] ?? ["x"]) : hostileNames),
        );
        const content = Object.entries(operation.requestBody?.content ?? {})[0] as [string, any] | undefined;
        const isJson = content === undefined || content[0] === "application/json";
        const body = isJson ? JSON.stringify(sample(content?.[1]?.schema)) : multipart();
        const type = isJson ? "application/json" : "multipart/form-data; boundary=cut";
        const query = chance.next() < 0.1 ? `?state=${chance.pick(hostileNames)}&model=${chance.pick(hostileNames)}` : "";
        await attack({ method, address: `/api${address}${query}`, type, body });
      }
    }
  });

  it("answers every other protocol's grammar, and what is near it, without a fault", async () => {
    const models = ["price", "echo", "words", "talk", "embed", "numbers", "trained"];
    for (let i = 0; i < 1500; i++) {
      const model = chance.pick(models);
      const [address, valid] = chance.pick(grammar(model));
      const body = changed(valid);
      await attack({ method: "POST", address, body: chance.next() < 0.1 ? chance.object(names) : body });
    }
  });

  it("keeps what is recorded of others when one of them cannot be kept", async () => {
    const headers = { authorization: `Bearer ${tokens["all"]}`, "content-type": "application/json" };
    const predict = async (name: string) => {
      const answered = await fetch(`${url}/api/models/price/predict`, {
        method: "POST",
        headers,
        body: JSON.stringify({ input: { name } }),
      });
      return ((await answered.json()) as { id: string }).id;
    };
    await restore();
    const ids = await Promise.all(["tea", "nul \u0000", "half \ud800", "latte"].map(predict));
    for (const id of [ids[0], ids[3]]) {
      const answered = await attackFeedback(id!);
      assert.equal(answered.status, 200, await answered.text());
    }
    assert.equal(await Prediction.objects.filter({ key: ids[0]! }).count(), 1);
  });

  it("reads no body of a stranger whom nobody would answer", async () => {
    for (const address of ["chat/completions", "embeddings"]) {
      const answered = await fetch(`${url}/openai/v1/${address}`, { method: "POST", body: "no JSON at all" });
      assert.equal(answered.status, 401, await answered.text());
    }
  });

  it("refuses feedback that no database takes, and takes the rest", async () => {
    const id = await recorded("tea");
    for (const answer of ["\u0000", { "a\u0000": 1 }, "\ud800", 1e308, null]) {
      const answered = await attack({
        method: "POST",
        address: `/api/models/price/predictions/${id}/feedback`,
        body: JSON.stringify({ answer }),
      });
      assert.ok([200, 400, 401, 403].includes(answered.status), await answered.text());
    }
  });
});

/** What the attacks have left in some state can answer again. */
async function restore(): Promise<void> {
  const headers = { authorization: `Bearer ${tokens["all"]}`, "content-type": "application/json" };
  const answered = await fetch(`${url}/api/models/price/load`, { method: "POST", headers });
  assert.equal(answered.status, 200, await answered.text());
}

async function recorded(name: string): Promise<string> {
  await restore();
  const headers = { authorization: `Bearer ${tokens["all"]}`, "content-type": "application/json" };
  const answered = await fetch(`${url}/api/models/price/predict`, {
    method: "POST",
    headers,
    body: `{"input": {"name": "${name}"}}`,
  });
  return ((await answered.json()) as { id: string }).id;
}

function attackFeedback(id: string): Promise<Response> {
  const headers = { authorization: `Bearer ${tokens["all"]}`, "content-type": "application/json" };
  const body = '{"answer": {"price": 1}}';
  return fetch(`${url}/api/models/price/predictions/${id}/feedback`, { method: "POST", headers, body });
}

function multipart(): Buffer {
  const name = chance.pick([
    "model.onnx",
    "a.onnx",
    "..",
    "../model.onnx",
    "manifest.json",
    "a\\b.onnx",
    "__proto__",
    "x".repeat(300),
  ]);
  const field = chance.pick(["file", "artifact", "__proto__", "files[]"]);
  const content = chance.next() < 0.7 ? chance.mutated(timesModel(2)) : chance.bytes(300);
  const head = `--cut\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content, Buffer.from(chance.next() < 0.8 ? "\r\n--cut--\r\n" : "\r\n--cu")]);
}

/** What the protocols' own clients send to a model. */
function grammar(model: string): [address: string, body: unknown][] {
  const tensor = { name: "x", shape: [1, 2], datatype: "FP32", data: [1, 2] };
  return [
    [
      `/v2/models/${model}/infer`,
      { id: "a", inputs: [tensor], outputs: [{ name: "y" }], parameters: { priority: 1, timeout: 1000 } },
    ],
    [`/v2/models/${model}/infer`, { inputs: [{ ...tensor, parameters: { binary_data_size: 8 } }] }],
    [`/v2/models/${model}/generate`, { text: "one two", x: [1, 2], parameters: { sequence_id: 3, sequence_start: true } }],
    [`/v2/models/${model}/generate_stream`, { text: "one two", name: "a" }],
    ["/v2/repository/index", { ready: true }],
    [`/v2/repository/models/${model}/load`, { parameters: { config: "{}", "file:1/model.onnx": "aGE=" } }],
    ["/v2/logging", { log_verbose_level: 1, log_file: "/tmp/x" }],
    ["/v2/trace/setting", { trace_level: ["TENSORS"], trace_file: "/tmp/x" }],
    [`/v1/models/${model}:predict`, { signature_name: "serving_default", instances: [{ x: [1, 2] }] }],
    [`/v1/models/${model}:predict`, { inputs: { x: [[1, 2]] } }],
    [`/v1/models/${model}:classify`, { context: {}, examples: [{ x: [1, 2] }] }],
    [`/v1/models/${model}/labels/default:regress`, { examples: [{ x: [1, 2] }] }],
    [`/predictions/${model}`, { x: [[1, 2]] }],
    [`/predictions/${model}/1`, { name: "a", size: 1 }],
    [`/mlflow/${model}/invocations`, { dataframe_split: { columns: ["name", "size"], data: [["a", 1]] } }],
    [`/mlflow/${model}/invocations`, { dataframe_records: [{ name: "a", __proto__x: 1 }] }],
    [`/mlflow/${model}/invocations`, { inputs: { x: [[1, 2]] } }],
    ["/openai/v1/chat/completions", { model, messages: [{ role: "user", content: "hi" }], temperature: 1, stop: ["a"] }],
    [
      "/openai/v1/chat/completions",
      { model, stream: true, messages: [{ role: "user", content: [{ type: "text", text: "a" }] }] },
    ],
    ["/openai/v1/embeddings", { model, input: ["a", "b"], encoding_format: "base64", dimensions: 2 }],
    [`/api/models/${model}/predict`, { input: { name: "a", x: [1, 2] } }],
    [`/api/models/${model}/predict`, { inputs: [{ name: "a" }, { x: [1, 2] }] }],
  ];
}

/** The body with one of its values another one, there twice, or not there. */
function changed(valid: unknown): string {
  const text = JSON.stringify(valid);
  const values = [...text.matchAll(/"[^"]*"|-?\d+(?:\.\d+)?|true|false|\[[^[\]{}]*\]/g)];
  const { 0: value, index } = chance.pick(values);
  const turn = chance.below(5);
  const other = turn === 0 ? `${value},${value}` : turn === 1 ? chance.json(names, 2) : turn === 2 ? "" : chance.json(names, 1);
  return text.slice(0, index) + other + text.slice(index + value.length);
}
