import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { databaseAliasStore, modelsDirectory, registry } from "cortado/registry";
import { ModelServer } from "cortado/serving";
import { type TestSite, testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { timesModel } from "../models.ts";
import { factor, publish, until } from "./served.ts";

const database = process.env["CORTADO_TEST_POSTGRES"];
const project = defineProject({
  apps: [auth({ user: User }), registry(), accounts, defineApp({ name: "none" })],
  urls: [path("api/", include(api.urls))],
  secretKey: "a secret of the tests, long enough for any mode",
  ...(database ? { database } : {}),
});

let site: TestSite;
let headers: { authorization: string };
let other: ModelServer;
before(async () => {
  site = await testSite(project);
  const name = `ada-${process.pid}`;
  const ada = await User.objects.createSuperuser({
    username: name,
    email: `${name}@example.com`,
    password: "a-long-passphrase-1",
  });
  headers = { authorization: `Bearer ${await createToken(ada, ["manage", "predict"])}` };
  const directory = modelsDirectory(site.services.settings);
  for (const version of ["1", "2", "3"]) await publish(directory, version);
  await site.services.models.refresh();
  other = new ModelServer({ directories: [directory], aliases: databaseAliasStore() });
  await other.start();
});
after(async () => {
  await other.close();
  await site.close();
});

const put = (alias: string, body: object) => site.request("PUT", `/api/models/times/aliases/${alias}`, { headers, body });

test("what one server of a project changes, the others follow", async (context) => {
  const took: number[] = [];
  for (const version of ["1", "2", "1"]) {
    assert.equal((await put("default", { version })).status, 200);
    const moved = performance.now();
    await until(async () => (await factor(other)) === Number(version));
    took.push(Math.round(performance.now() - moved));
  }
  const canary = { version: "3", percent: 100 };
  await put("default", { version: "1", canary });
  await until(async () => (await factor(other)) === 3);
  assert.equal((await site.post("/api/models/times/aliases/default/rollback", undefined, { headers })).json().version, "1");
  await until(async () => (await factor(other)) === 1);
  await site.request("DELETE", "/api/models/times/aliases/default", { headers });
  await until(async () => (await factor(other)) === 3);
  context.diagnostic(`another server followed after ${took.join(", ")} ms`);
});

test("two promotions at once happen one after the other, and every server ends at the same", async () => {
  const { models } = site.services;
  await put("champion", { version: "3" });
  const moves = Array.from({ length: 10 }, (_, i) =>
    (i % 2 === 0 ? models : other).setAlias("times", "champion", { version: String((i % 3) + 1) }),
  );
  const ends = await Promise.all(moves);
  const kept = (await databaseAliasStore().read())["times"]!["champion"]!;
  assert.ok(ends.some(({ version }) => version === kept.version));
  await until(() => [models, other].every((server) => server.describe("times").aliases["champion"] === kept.version));
  // Every move to another version has left its trace: none was lost to another that happened at the same moment.
  const named = [...kept.history, kept.version];
  assert.deepEqual(
    named.filter((version, i) => i > 0 && version === named[i - 1]),
    [],
  );
  assert.ok(kept.history.length >= 3);
});

test("two that make an alias at once both succeed, and one wins", async () => {
  const stores = [databaseAliasStore(), databaseAliasStore()];
  const versions = ["1", "2"];
  await Promise.all(
    stores.map((store, i) =>
      store.update("times", "fresh", (before) => ({ version: versions[i]!, history: before ? [before.version] : [] })),
    ),
  );
  const { version, history } = (await databaseAliasStore().read())["times"]!["fresh"]!;
  assert.deepEqual([version, ...history].toSorted(), versions);
});

test("a version that an alias names as its canary or shadow is not removed", async () => {
  const upload = async () => {
    const boundary = "cortado-boundary";
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="model.onnx"\r\nContent-Type: application/octet-stream\r\n\r\n`;
    const answer = await site.request("POST", "/api/models/times/versions", {
      headers: { ...headers, "content-type": `multipart/form-data; boundary=${boundary}` },
      body: Buffer.concat([Buffer.from(head), timesModel(4), Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.json().version as string;
  };
  const version = await upload();
  await put("default", { version: "1", shadow: { version } });
  const held = await site.request("DELETE", `/api/models/times/versions/${version}`, { headers });
  assert.deepEqual([held.status, held.json().error.code], [409, "REGISTRY_VERSION_IN_USE"]);
  await put("default", { version: "1" });
  assert.equal((await site.request("DELETE", `/api/models/times/versions/${version}`, { headers })).status, 204);
});
