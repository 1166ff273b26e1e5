import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { handler, ModelServer, type ModelServerOptions, type PayloadRecord, serveDirectory, tensor } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";

const warnings: string[] = [];
const log = { info() {}, warn: (message: string) => void warnings.push(message) };
const echo = handler({ name: "echo", inference: (items) => items });
const fails = handler({
  name: "fails",
  inference: () => {
    throw new TypeError("no such pixel");
  },
});

async function open(payloads: NonNullable<ModelServerOptions["payloads"]>): Promise<ModelServer> {
  const models = new ModelServer({ root: temporaryFolder(), handlers: [echo, fails], log, payloads });
  after(() => models.close());
  await models.start();
  return models;
}

function linesOf(folder: string): PayloadRecord[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as PayloadRecord),
  );
}

test("predictions are written down in a file of their day that nobody else may read", async () => {
  const folder = join(temporaryFolder(), "payloads");
  const models = await open({ to: folder, redact: ["email"], models: ["echo"] });
  const item = { name: "Ada", email: "ada@example.com", nested: [{ email: "x", n: 9007199254740993n }], none: Number.NaN };
  await models.predict("echo", [item as never], { requestId: "order-1" });
  await assert.rejects(models.predict("fails", [{}]));
  await models.close();
  const [file, ...others] = readdirSync(folder);
  assert.deepEqual(others, []);
  assert.match(file!, /^\d{4}-\d{2}-\d{2}\.jsonl$/);
  assert.equal(statSync(join(folder, file!)).mode & 0o777, 0o600);
  const [record, ...rest] = linesOf(folder);
  assert.deepEqual(rest, []);
  assert.equal(record!.requestId, "order-1");
  assert.equal(`${record!.model}@${record!.version}`, "echo@1");
  assert.deepEqual(record!.inputs, record!.outputs);
  const text = readFileSync(join(folder, file!), "utf8");
  assert.match(
    text,
    /"inputs":\[\{"name":"Ada","email":"\[redacted\]","nested":\[\{"email":"\[redacted\]","n":9007199254740993\}\],"none":null\}\]/,
  );
  assert.ok(!text.includes("ada@example.com"));
});

test("failures are written down with their error", async () => {
  const records: PayloadRecord[] = [];
  const models = await open({ to: (record) => void records.push(record) });
  await assert.rejects(models.predict("fails", [{ a: 1 } as never]));
  await models.close();
  assert.deepEqual(
    records.map(({ error, inputs }) => ({ error, inputs })),
    [{ error: { code: "TypeError", message: "no such pixel" }, inputs: [{ a: 1 }] }],
  );
});

test("what is too large is written down without its contents, tensors by name, and large bodies of the host too", async () => {
  const folder = temporaryFolder();
  putModel(folder, "double/1", timesModel(2));
  const records: PayloadRecord[] = [];
  const payloads = { to: (record: PayloadRecord) => void records.push(record), maxBytes: 1000, redact: ["y"] };
  const served = await serveDirectory(folder, { port: 0, log, payloads });
  after(() => served.close());
  await served.models.settled();
  await served.models.infer("double", { x: tensor("float32", [1, 2], [1, 2]) });
  await served.models.predict("double", [
    { x: Array.from({ length: 2 }, () => 1) },
    ...Array.from({ length: 200 }, () => ({ x: [1, 2] })),
  ]);
  const x = Array.from({ length: 40_000 }, () => [1.25, 2.5]);
  const body = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [40_000, 2], data: x }] });
  await fetch(`${served.url}/v2/models/double/infer`, { method: "POST", body });
  await served.close();
  const [tensors, many, large] = records;
  assert.deepEqual(tensors!.inputs, { x: { datatype: "FP32", shape: [1, 2], data: [1, 2] } });
  assert.deepEqual(tensors!.outputs, [{ y: "[redacted]" }]);
  assert.deepEqual([many!.leftOut, many!.inputs, many!.batch > 0], ["size", undefined, true]);
  assert.deepEqual([large!.leftOut, large!.inputs], ["large body", undefined]);
});

test("only a share is written down where it is sampled", async () => {
  const records: PayloadRecord[] = [];
  const models = await open({ to: (record) => void records.push(record), sample: 0.2 });
  for (let i = 0; i < 50; i++)
    await models.predict(
      "echo",
      Array.from({ length: 1 }, () => ({ i }) as never),
    );
  const none = await open({ to: () => assert.fail("sampled"), sample: 0 });
  await none.predict("echo", [{} as never]);
  await Promise.all([models.close(), none.close()]);
  assert.ok(records.length < 50, `${records.length} of 50`);
});

test("a slow taker holds no answer back: what it cannot take is dropped and counted", async () => {
  const { promise: free, resolve: release } = Promise.withResolvers<void>();
  const models = await open({ to: () => free });
  const asks = 1500;
  for (let i = 0; i < asks; i += 100)
    await Promise.all(Array.from({ length: 100 }, (_, j) => models.predict("echo", [{ i: i + j } as never])));
  assert.equal(models.payloads!.written, 0);
  assert.ok(models.payloads!.dropped >= asks - 1000 - 64 - 100, `${models.payloads!.dropped} dropped`);
  release();
  await models.close();
  assert.equal(models.payloads!.written + models.payloads!.dropped, asks);
});

test("a folder that cannot be written is told, and predictions go on", async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, "taken"), "");
  warnings.length = 0;
  const models = await open({ to: join(root, "taken", "payloads") });
  for (let i = 0; i < 3; i++) assert.deepEqual((await models.predict("echo", [{ i } as never])).outputs, [{ i }]);
  await models.close();
  assert.equal(models.payloads!.dropped, 3);
  assert.match(warnings.join("\n"), /Predictions cannot be written down: ENOTDIR\./);
});

test("files of days long past are removed, and nothing else", async () => {
  const folder = temporaryFolder();
  for (const name of ["2020-01-01.jsonl", "notes.txt"]) writeFileSync(join(folder, name), "{}\n");
  const models = await open({ to: folder, keepDays: 7 });
  await models.predict("echo", [{} as never]);
  await models.close();
  for (let i = 0; i < 100 && readdirSync(folder).includes("2020-01-01.jsonl"); i++)
    await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(
    readdirSync(folder).filter((name) => !/^\d{4}-(?!01-01)/.test(name)),
    ["notes.txt"],
  );
});
