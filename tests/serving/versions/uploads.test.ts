import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { registry } from "cortado/registry";
import { handler } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";

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
    return { factor: await numberIn("factor.txt"), offset: await numberIn("offset.txt") };
  },
  inference: (items: number[], { factor, offset }) => items.map((item) => item * factor + offset),
});

let site: TestSite;
let headers: { authorization: string };
before(async () => {
  site = await testSite(
    defineProject({
      apps: [auth({ user: User }), registry(), accounts, defineApp({ name: "lines", handlers: { line } })],
      urls: [path("api/", include(api.urls))],
      secretKey: "a secret of the tests, long enough for any mode",
    }),
  );
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  headers = { authorization: `Bearer ${await createToken(ada, ["manage", "predict"])}` };
});
after(() => site.close());

async function upload(files: Readonly<Record<string, string>>) {
  const boundary = "cortado-boundary";
  const parts = Object.entries(files).map(
    ([name, text]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\n${text}\r\n`,
  );
  const answer = await site.request("POST", "/api/models/line/versions", {
    headers: { ...headers, "content-type": `multipart/form-data; boundary=${boundary}` },
    body: Buffer.from(`${parts.join("")}--${boundary}--\r\n`),
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
