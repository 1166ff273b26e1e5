import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { ModelVersion, registry } from "cortado/registry";
import { handler, tensor } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { identityModel, timesModel } from "../models.ts";

/** Adds what its files say: versions of it are a factor and an offset, not an ONNX file. */
const line = handler({
  name: "line",
  train: { kind: "none" },
  initialize: async ({ directory }) => {
    const numberIn = async (file: string) => {
      const value = Number(await readFile(join(directory, file), "utf8"));
      if (Number.isNaN(value)) throw new Error(`${file} is no number.`);
      return value;
    };
    const state = { factor: await numberIn("factor.txt"), offset: await numberIn("offset.txt") };
    if (existsSync(join(directory, "slow.txt"))) await sleep(800);
    return state;
  },
  inference: (items: number[], { factor, offset }) => items.map((item) => item * factor + offset),
});

/** Its code knows the names of its model. */
const times = handler({
  name: "times",
  train: { kind: "none" },
  preprocess: (given: number) => ({ x: tensor("float32", [given, given]) }),
  postprocess: ({ y }) => y!.numbers()[0]!,
});

let site: TestSite;
let headers: { authorization: string };
before(async () => {
  site = await testSite(
    defineProject({
      apps: [auth({ user: User }), registry(), accounts, defineApp({ name: "lines", handlers: { line, times } })],
      urls: [path("api/", include(api.urls))],
      secretKey: "a secret of the tests, long enough for any mode",
    }),
  );
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  headers = { authorization: `Bearer ${await createToken(ada, ["manage", "predict"])}` };
});
after(() => site.close());

async function upload(files: Readonly<Record<string, string | Uint8Array>>, model = "line") {
  const boundary = "cortado-boundary";
  const parts = Object.entries(files).flatMap(([name, content]) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n`,
    content,
    "\r\n",
  ]);
  const answer = await site.request("POST", `/api/models/${model}/versions`, {
    headers: { ...headers, "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([...parts, `--${boundary}--\r\n`].map((part) => Buffer.from(part))),
  });
  return { status: answer.status, body: answer.json() };
}

const predict = async () => (await site.post("/api/models/line/predict", { input: 10 }, { headers })).json();

test("a handler with code of its own takes versions of the files that it reads", async () => {
  const made = await upload({ "factor.txt": "3", "offset.txt": "1" });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.deepEqual([(await predict()).output, (await predict()).version], [31, "1"]);
  const next = await upload({ "factor.txt": "5", "offset.txt": "0" });
  assert.equal(next.body.version, "2");
  assert.equal((await predict()).output, 50);
});

test("files that its code cannot load are refused, and the version before goes on answering", async () => {
  const missing = await upload({ "factor.txt": "3" });
  assert.deepEqual([missing.status, missing.body.error.code], [422, "SERVING_VERSION_FAILED"]);
  const bad = await upload({ "factor.txt": "three", "offset.txt": "1" });
  assert.match(bad.body.error.message, /factor\.txt is no number\.$/);
  assert.equal((await predict()).output, 50);
});

test("names that are not plain, or that are there twice, are refused", async () => {
  for (const name of ["..", "manifest.json", "a/../../b", ".hidden"]) {
    const answer = await upload({ [name]: "1", "offset.txt": "1" });
    assert.ok([201, 400, 422].includes(answer.status), name);
    assert.notEqual(answer.status, 201, name);
  }
  assert.equal((await predict()).output, 50);
});

test("a model that takes and gives something else than the handler's is refused, and leaves nothing behind", async () => {
  assert.equal((await upload({ "model.onnx": timesModel(2) }, "times")).status, 201);
  const other = identityModel("int64", ["batch", 3], { input: "ids" });
  const { status, body } = await upload({ "model.onnx": other }, "times");
  assert.deepEqual([status, body.error.code], [422, "SERVING_VERSION_FAILED"]);
  assert.equal(
    body.error.message,
    'Version 2 of the model "times" does not load: It does not fit in the place of version 1: ' +
      "the input x FP32 [-1, 2] is expected, and it has none of that name (it has ids INT64 [-1, 3]); " +
      "the output y FP32 [-1, 2] is expected, and it has y INT64 [-1, 3].",
  );
  assert.match(body.error.hint, /^Give the handler warmUp or golden items/);
  const answer = await site.post("/api/models/times/predict", { input: 4 }, { headers });
  assert.deepEqual([answer.json().output, answer.json().version], [8, "1"]);
  const { versions } = (await site.get("/api/models/times", { headers })).json();
  assert.deepEqual(versions, ["1"]);
});

test("a version that is removed while it is tried stays removed, and who uploads it hears so", async () => {
  const uploading = upload({ "factor.txt": "7", "offset.txt": "0", "slow.txt": "" });
  const newest = async () => (await ModelVersion.objects.filter({ model: "line" }).first())!;
  let row = await newest();
  for (let i = 0; row.state !== "pending"; i++, row = await newest()) {
    assert.ok(i < 200, "it is never tried");
    await sleep(5);
  }
  await sleep(200);
  const removed = await site.request("DELETE", `/api/models/line/versions/${row.version}`, { headers });
  assert.equal(removed.status, 204, removed.text);
  const { status, body } = await uploading;
  assert.deepEqual([status, body.error.code], [400, "REGISTRY_BAD_ARTIFACT"]);
  assert.match(body.error.message, /refused: version \d was removed while it was tried\.$/);
  assert.equal((await newest()).state, "removed");
  assert.equal((await predict()).output, 50);
});

test("a version that is an alias's canary or shadow is not removed, and which of them is said", async () => {
  const point = (body: object) => site.request("PUT", "/api/models/line/aliases/default", { headers, body });
  const remove = async () => (await site.request("DELETE", "/api/models/line/versions/1", { headers })).json().error;
  assert.equal((await point({ canary: { version: "1", percent: 5 } })).status, 200);
  assert.deepEqual(await remove(), {
    code: "REGISTRY_VERSION_IN_USE",
    message: "Version 1 of line is what the canary of default points to, so it is not removed.",
    hint: "Point the alias to another version, or end its canary or shadow, first.",
  });
  assert.equal((await point({ shadow: { version: "1" } })).status, 200);
  assert.match((await remove()).message, /what the shadow of default points to/);
});
