import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { include, path } from "cortado/http";
import { handler, mlflowUrls, ModelServer, protocolUrls } from "cortado/serving";
import { z } from "zod";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { twoInputs } from "./half-plus.ts";
import { protocolSite } from "./protocol-site.ts";

const root = temporaryFolder();
putModel(root, "double/1", timesModel(2));
putModel(root, "two/1", twoInputs());
const price = handler({
  name: "price",
  access: "public",
  input: z.object({ name: z.string(), size: z.number(), ice: z.boolean().nullable().optional() }),
  inference: (items) => items.map(({ name, size }) => ({ price: size * 10, of: name })),
});
const chat = handler({
  name: "chat",
  access: "public",
  inference: (items: any[]) => items.map(({ messages }) => ({ choices: [{ text: `${messages.length} messages` }] })),
});
const failing = handler({
  name: "failing",
  access: "public",
  inference: () => {
    throw new Error("at /secret/place");
  },
});
const closed = handler({ name: "closed", access: "permission", inference: (items: unknown[]) => items });
const log = { info() {}, warn() {} };
const models = new ModelServer({ handlers: [price, chat, failing, closed], directories: [root], access: "public", log });
const site = await protocolSite([path("scoring/", include(mlflowUrls("price"))), ...protocolUrls(["mlflow"])], models);
after(() => site.close());

interface Answer {
  status: number;
  text: string;
  body: any;
  headers: Headers;
}

async function send(address: string, body?: unknown, type: string | null = "application/json"): Promise<Answer> {
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const init = { method: "POST", body: Buffer.from(sent ?? ""), headers: type === null ? {} : { "content-type": type } };
  const response = await fetch(`${site.url}/${address}`, body === undefined ? {} : init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "") && text.trim() !== "";
  return { status: response.status, text, body: isJson ? JSON.parse(text) : undefined, headers: response.headers };
}

const invoke = (name: string, body: unknown, type?: string | null) => send(`mlflow/${name}/invocations`, body, type);

describe("MLflow's scoring", () => {
  it("takes a table split into columns and rows, or as records", async () => {
    const wanted = [
      { price: 10, of: "Latte" },
      { price: 20, of: "Mocha" },
    ];
    const data = [
      ["Latte", 1],
      ["Mocha", 2],
    ];
    const split = await send("scoring/invocations", { dataframe_split: { columns: ["name", "size"], index: [0, 1], data } });
    assert.deepEqual([split.status, split.body], [200, { predictions: wanted }]);
    assert.equal(split.headers.get("cortado-model"), "price@1");
    const records = data.map(([name, size]) => ({ name, size }));
    assert.deepEqual((await invoke("price", { dataframe_records: records })).body, { predictions: wanted });
    assert.deepEqual((await invoke("price", { instances: records }, "application/json; charset=utf-8")).body, {
      predictions: wanted,
    });
    assert.deepEqual((await invoke("price", { inputs: { name: ["Latte", "Mocha"], size: [1, 2] } })).body, {
      predictions: wanted,
    });
  });

  it("takes comma-separated values", async () => {
    const csv = 'name,size,ice\r\n"Latte, ""large""",1.5,true\r\nMocha,2,\r\n';
    const { body } = await invoke("price", csv, "text/csv");
    assert.deepEqual(body.predictions, [
      { price: 15, of: 'Latte, "large"' },
      { price: 20, of: "Mocha" },
    ]);
  });

  it("gives a table's columns to a model of one row of numbers, or to its inputs by name", async () => {
    const table = { dataframe_split: { columns: ["a", "b"], data: [[1, 2]] } };
    assert.deepEqual((await invoke("double", table)).body, { predictions: [{ y: [2, 4] }] });
    assert.deepEqual((await invoke("double", { instances: [[1, 2]] })).body, { predictions: [{ y: [2, 4] }] });
    assert.deepEqual((await invoke("double", { inputs: { x: [[1, 2]] } })).body, { predictions: [{ y: [2, 4] }] });
    assert.deepEqual((await invoke("double", "a,b\n3,4\n", "text/csv")).body, { predictions: [{ y: [6, 8] }] });
    const rows = { inputs: { a: [[1, 2]], b: [[1, 1]] } };
    assert.deepEqual((await invoke("two", rows)).body, { predictions: [{ sum: [2, 3], difference: [0, 1] }] });
  });

  it("gives what a language model is asked as it came, and its answer so", async () => {
    const { body } = await invoke("chat", { messages: [{ role: "user", content: "hi" }], temperature: 0 });
    assert.deepEqual(body, { choices: [{ text: "1 messages" }] });
  });

  it("answers ping, health and version", async () => {
    for (const address of ["scoring/ping", "mlflow/price/health"]) {
      const { status, text } = await send(address);
      assert.deepEqual([status, text], [200, "\n"]);
    }
    assert.match((await send("scoring/version")).text, /^\d+\.\d+\.\d+/);
    assert.equal((await send("mlflow/nothing/ping")).status, 404);
  });
});

describe("what MLflow's scoring refuses", () => {
  const refused = async (body: unknown, message: RegExp) => {
    const answer = await invoke("price", body);
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.body.error_code, "BAD_REQUEST");
    assert.match(answer.body.message, message);
  };

  it("a body that has not exactly one form", async () => {
    await refused([1], /The body is an array of 1, and must be an object.*dataframe_split/);
    await refused({}, /exactly one of dataframe_split, dataframe_records, instances, inputs, and has none/);
    await refused({ instances: [], inputs: [] }, /has instances and inputs/);
    await refused({ instances: [], data: [] }, /has "data" beside instances/);
    await refused({ instances: [], params: { temperature: 1 } }, /params are given, and the model declares none/);
    await refused("{", /./);
  });

  it("tables whose rows do not fit their columns", async () => {
    await refused({ dataframe_split: [] }, /dataframe_split is an empty array/);
    await refused({ dataframe_split: { columns: "a", data: [] } }, /columns is the string "a", and must be an array of names/);
    await refused({ dataframe_split: { columns: ["a", "a"], data: [] } }, /has "a" twice/);
    await refused(
      { dataframe_split: { columns: ["a"], data: [[1, 2]] } },
      /data\[0\] is an array of 2, and must be an array of 1 values/,
    );
    await refused({ dataframe_records: [1] }, /dataframe_records\[0\] is the number 1/);
    await refused({ inputs: { a: [1], b: [1, 2] } }, /inputs\.b has 2 rows, and "a" has 1/);
    await refused({ dataframe_records: [{ name: 3 }] }, /input does not fit/);
    const csv = await invoke("price", "a,b\n1\n", "text/csv");
    assert.match(csv.body.message, /Line 2 has 1 cells, and there are 2 columns/);
    assert.match((await invoke("price", 'a\n"b', "text/csv")).body.message, /a quote that does not close/);
    assert.match((await invoke("price", "", "text/csv")).body.message, /no line of column names/);
  });

  it("comma-separated values that are not UTF-8, by name", async () => {
    const body = Buffer.from("name,size\nMoch\u00e9,2\n", "latin1");
    const headers = { "content-type": "text/csv" };
    const response = await fetch(`${site.url}/mlflow/price/invocations`, { method: "POST", body, headers });
    assert.deepEqual(
      [response.status, await response.json()],
      [400, { error_code: "BAD_REQUEST", message: "The body is not UTF-8." }],
    );
  });

  it("other types, charsets and parameters", async () => {
    for (const type of ["text/plain", "application/json; charset=latin1", "application/json; pandas=split", null]) {
      const { status, headers } = await invoke("price", "{}", type);
      assert.equal(status, 415, String(type));
      assert.match(headers.get("content-type")!, /^text\/plain/);
    }
  });

  it("strangers, without a trace of where things are", async () => {
    const stranger = await invoke("closed", { instances: [1] });
    assert.deepEqual([stranger.status, stranger.body.error_code], [401, "UNAUTHENTICATED"]);
    const fault = await invoke("failing", { instances: [1] });
    assert.deepEqual(
      [fault.status, fault.body],
      [500, { error_code: "INTERNAL_ERROR", message: "Something went wrong in the server." }],
    );
    assert.deepEqual((await invoke("nothing", { instances: [1] })).body.error_code, "RESOURCE_DOES_NOT_EXIST");
  });
});
