import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, describe, it } from "node:test";
import { openPlaces, pullModels, pushVersion, readManifest, serveDirectory } from "cortado/serving";
import { temporaryFolder } from "../../temporary-folder.ts";
import { putModel, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { startGitServer } from "./git-server.ts";
import { startS3 } from "./s3-server.ts";
import { startWeb } from "./web-server.ts";
import { zipOf } from "./zip-writer.ts";

const servers = { after };
const [s3, git, web] = await Promise.all([startS3(servers), startGitServer(servers), startWeb(servers)]);
const quiet = { info() {}, warn() {} };
const bin = resolve(import.meta.dirname, "../../../bin/cortado.mjs");

/** Runs the command line to its end. */
async function cli(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--conditions=cortado-source", bin, ...args], { env: { ...process.env, ...env } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (said.out += String(chunk)));
  child.stderr.on("data", (chunk) => (said.err += String(chunk)));
  const [code] = (await once(child, "close")) as [number];
  return { ...said, code };
}

async function predict(url: string, model: string): Promise<{ y: number; version: string }> {
  const body = JSON.stringify({ input: { x: [1, 1] } });
  const response = await fetch(`${url}/api/models/${model}/predict`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const answer = (await response.json()) as { output: { y: number[] }; version: string };
  assert.equal(response.status, 200, JSON.stringify(answer));
  return { y: answer.output.y[0]!, version: answer.version };
}

/** Files of models that are none of ONNX; what is in them nobody reads on the way. */
const otherModels: Record<string, Record<string, string>> = {
  GGUF: { "tiny-q4.gguf": "GGUF weights", "labels.txt": "a\n" },
  "TensorFlow.js": { "model.json": "{}", "group1-shard1of2.bin": "one", "group1-shard2of2.bin": "two" },
};

describe("serve", () => {
  it("takes folders, buckets, repositories of git and archives side by side", async (t) => {
    const folder = temporaryFolder(t);
    putModel(folder, "local/1", timesModel(2));
    await pushVersion(temporaryFolder(t, { "model.onnx": timesModel(3) }), s3.source("all/stored"));
    git
      .repository("acme/models.git")
      .commit({ "models/versioned/7/model.onnx": timesModel(4), "models/flat/model.onnx": timesModel(5) });
    web.files.set("/packed.zip", zipOf([{ name: "packed/model.onnx", content: timesModel(6) }]));
    const places = [folder, s3.source("all"), `git+${git.url}/acme/models.git@main#models`, `${web.url}/packed.zip`];
    const allow = [`s3://bucket/all?endpoint=${s3.endpoint}`, `git+${git.url}/acme`, `${web.url}/packed.zip`];
    const log = { info() {}, warn() {} };
    const server = await serveDirectory(places, { port: 0, sources: { allow, cache: temporaryFolder(t) }, log });
    t.after(() => server.close());
    await server.models.settled();
    assert.deepEqual(
      server.models.list().map(({ name, versions }) => [name, versions]),
      [
        ["flat", ["1"]],
        ["local", ["1"]],
        ["packed", ["1"]],
        ["stored", ["1"]],
        ["versioned", ["7"]],
      ],
    );
    const answers = await Promise.all(
      ["local", "stored", "versioned", "flat", "packed"].map((name) => predict(server.url, name)),
    );
    assert.deepEqual(
      answers.map(({ y }) => y),
      [2, 3, 4, 5, 6],
    );
  });

  it("finds models of GGUF and TensorFlow.js in buckets, repositories of git and archives", async (t) => {
    const tfjs = otherModels["TensorFlow.js"]!;
    await pushVersion(temporaryFolder(t, otherModels["GGUF"]!), s3.source("other/writer"));
    await pushVersion(temporaryFolder(t, tfjs), s3.source("other/seer"));
    const below = (folder: string) => Object.fromEntries(Object.entries(tfjs).map(([name, text]) => [folder + name, text]));
    git.repository("acme/other.git").commit({ "models/chat/3/model.gguf": "GGUF weights", ...below("models/faces/") });
    web.files.set("/talk.gguf", Buffer.from("GGUF weights"));
    web.files.set("/poses.zip", zipOf(Object.entries(below("poses/")).map(([name, content]) => ({ name, content }))));
    const gitAddress = `git+${git.url}/acme/other.git@main#models`;
    const places = [s3.source("other"), gitAddress, `${web.url}/talk.gguf`, `${web.url}/poses.zip`];
    const allow = [`s3://bucket/other?endpoint=${s3.endpoint}`, `git+${git.url}/acme`, web.url];
    const models = openPlaces(places, { loading: "lazy", sources: { allow, cache: temporaryFolder(t) }, log: quiet });
    t.after(() => models.close());
    await models.start({ needsSources: true });
    const found: Record<string, string[]> = {};
    for (const { name, versions } of models.list()) {
      const { source } = models.find(name, versions[0]);
      await source.fetch!();
      found[`${name}@${versions[0]}`] = readdirSync(source.directory)
        .filter((file) => file !== "manifest.json")
        .sort();
    }
    const shards = Object.keys(tfjs).sort();
    assert.deepEqual(found, {
      "chat@3": ["model.gguf"],
      "faces@1": shards,
      "poses@1": shards,
      "seer@1": shards,
      "talk@1": ["talk.gguf"],
      "writer@1": ["labels.txt", "tiny-q4.gguf"],
    });
  });

  it("starts without its source where it is told to, says so, and serves it when it is there", async (t) => {
    const warnings: string[] = [];
    const log = { info() {}, warn: (message: string) => void warnings.push(message) };
    const sources = { allow: [web.url], cache: temporaryFolder(t), poll: 0.2 };
    const server = await serveDirectory(`${web.url}/late.onnx`, { port: 0, keepTrying: true, sources, log });
    t.after(() => server.close());
    assert.match(
      warnings.join("\n"),
      /The source http:.*late\.onnx could not be looked at: The server answered 404\. Correct the address/,
    );
    assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
    web.files.set("/late.onnx", Buffer.from(timesModel(9)));
    for (
      const end = Date.now() + 15_000;
      server.models.list()[0]?.ready !== true;
      await new Promise((done) => setTimeout(done, 50))
    )
      assert.ok(Date.now() < end);
    assert.deepEqual(await predict(server.url, "late"), { y: 9, version: "1" });
  });

  it("takes no address from a request: no body makes it fetch anything", async (t) => {
    const folder = temporaryFolder(t);
    putModel(folder, "times/1", timesModel(1));
    const server = await serveDirectory(folder, {
      port: 0,
      sources: { cache: temporaryFolder(t) },
      log: { info() {}, warn() {} },
    });
    t.after(() => server.close());
    web.requests.length = 0;
    const url = `${web.url}/packed.zip`;
    const tries: [string, string, unknown][] = [
      ["POST", "/api/models/times/predict", { input: { url, x: { url } } }],
      [
        "POST",
        "/v2/models/times/infer",
        { inputs: [{ name: "x", datatype: "FP32", shape: [1, 2], data: [1, 1], parameters: { url } }] },
      ],
      ["POST", `/v2/repository/models/${encodeURIComponent(url)}/load`, {}],
      ["POST", "/v2/repository/models/times/load", { parameters: { config: JSON.stringify({ url }), "file:1/model.onnx": url } }],
      ["POST", `/models?url=${encodeURIComponent(url)}`, {}],
      ["PUT", "/api/models/times/aliases/default", { version: url }],
    ];
    for (const [method, path, body] of tries) {
      const response = await fetch(server.url + path, {
        method,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
      assert.ok(response.status < 500, `${path}: ${response.status}`);
    }
    assert.deepEqual(web.requests, []);
  });

  it("answers on the command line for an address, with a list and a cache", async (t) => {
    await pushVersion(temporaryFolder(t, { "model.onnx": timesModel(3) }), s3.source("shell/times"));
    const args = ["serve", s3.source("shell"), "--port", "0", "--cache", temporaryFolder(t), "--poll", "5"];
    const child = spawn(process.execPath, ["--conditions=cortado-source", bin, ...args], { env: { ...process.env } });
    t.after(() => child.kill());
    let out = "";
    const url = await new Promise<string>((found, failed) => {
      child.stdout.on("data", (chunk) => {
        out += String(chunk);
        const told = /Serving .* at (http:\S+)/.exec(out);
        if (told) found(told[1]!);
      });
      child.on("close", () => failed(new Error(out)));
    });
    assert.deepEqual(await predict(url, "times"), { y: 3, version: "1" });
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "close"), [0, null]);
    const refused = await cli(["serve", "http://models.example.com/a.zip", "--port", "0"]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /SERVING_SOURCE_NOT_ALLOWED {2}Models may not come from "http:\/\/models\.example\.com\/a\.zip"/);
  });
});

describe("models push and models pull", () => {
  it("make versions in S3 and folders, numbered in their order, with their manifest last", async (t) => {
    const trained = temporaryFolder(t, { "model.onnx": timesModel(1), "labels.txt": "a\n", "inner/notes.txt": "n" });
    s3.requests.length = 0;
    const first = await cli(["models", "push", trained, s3.source("pushed/times")]);
    assert.deepEqual([first.code, first.out], [0, "times 1\n"], first.err);
    const written = s3.requests.filter((line) => line.startsWith("PUT")).map((line) => /\/1\/(.*)\?/.exec(line)?.[1]);
    assert.deepEqual(written, [".unfinished", "inner/notes.txt", "labels.txt", "model.onnx", "manifest.json"]);
    assert.equal((await cli(["models", "push", trained, s3.source("pushed/times"), "--version", "7"])).out, "times 7\n");
    assert.equal((await pushVersion(trained, s3.source("pushed/times"))).version, "8");
    const taken = {
      code: "SERVING_VERSION_TAKEN",
      message: 'There is a version 7 of the model "times" already, with other files.',
    };
    await assert.rejects(
      pushVersion(trained, s3.source("pushed/times"), { version: "7" }),
      refusal({ ...taken, hint: /take the next one/ }),
    );
    const folder = join(temporaryFolder(t), "times");
    assert.deepEqual(await pushVersion(trained, `file:${folder}`), { model: "times", version: "1" });
    assert.equal((await readManifest(join(folder, "1")))!.files["model.onnx"]!.size, timesModel(1).byteLength);

    const models = temporaryFolder(t);
    const args = ["models", "pull", s3.source("pushed"), models, "--cache", temporaryFolder(t)];
    const pulled = await cli(args);
    assert.equal(pulled.code, 0, pulled.err);
    assert.deepEqual(readdirSync(join(models, "times")).sort(), ["1", "7", "8"]);
    assert.equal(readFileSync(join(models, "times/1/inner/notes.txt"), "utf8"), "n");
    assert.match((await cli(args)).out, /times 1 {2}.*\(was there\)/);
  });

  for (const [kind, files] of Object.entries(otherModels))
    it(`bring models of ${kind}, all their files, to folders and S3 and back`, async (t) => {
      const trained = temporaryFolder(t, files);
      const folder = join(temporaryFolder(t), "other");
      assert.equal((await cli(["models", "push", trained, folder])).out, "other 1\n");
      const place = `others/${kind.toLowerCase()}/other`;
      assert.deepEqual(await pushVersion(trained, s3.source(place)), { model: "other", version: "1" });
      const models = temporaryFolder(t);
      await pullModels(s3.source(dirname(place)), models, { cache: temporaryFolder(t) });
      for (const version of [join(folder, "1"), join(models, "other/1")]) {
        assert.deepEqual(Object.keys((await readManifest(version))!.files).sort(), Object.keys(files).sort());
        for (const [name, content] of Object.entries(files)) assert.equal(readFileSync(join(version, name), "utf8"), content);
      }
    });

  it("bring a folder's models, and the folder of one, though they have no manifest", async (t) => {
    const source = temporaryFolder(t, { "times/1/model.onnx": "one", "times/2/model.onnx": "two" });
    const models = temporaryFolder(t);
    await cli(["models", "pull", `file:${source}/times`, models, "--model", "twice"]);
    assert.equal(readFileSync(join(models, "twice/2/model.onnx"), "utf8"), "two");
    await assert.rejects(
      pullModels(`file:${source}/times`, models),
      refusal({ code: "SERVING_BAD_SOURCE", message: /holds the versions of one model, and not models: say with --model or / }),
    );
    const pulled = await pullModels(`file:${source}`, models);
    assert.deepEqual(pulled.map(({ model, version }) => `${model} ${version}`).sort(), ["times 1", "times 2"]);
    assert.equal(readFileSync(join(models, "times/1/model.onnx"), "utf8"), "one");
  });

  it("refuse what is not there, and what would be put over something else", async (t) => {
    const cache = temporaryFolder(t);
    const models = temporaryFolder(t);
    await pushVersion(temporaryFolder(t, { "model.onnx": "one" }), s3.source("over/times"));
    mkdirSync(join(models, "times/1"), { recursive: true });
    writeFileSync(join(models, "times/1/model.onnx"), "mine");
    await assert.rejects(pullModels(s3.source("over"), models, { cache }), refusal({ code: "SERVING_VERSION_TAKEN" }));
    assert.equal(readFileSync(join(models, "times/1/model.onnx"), "utf8"), "mine");
    assert.deepEqual(readdirSync(join(models, "times")), ["1"]);
    await assert.rejects(
      pullModels(s3.source("over/times"), models, { cache, model: "times", version: "9" }),
      refusal({ code: "SERVING_UNKNOWN_VERSION", message: 'The model "times" has no version "9". It has: 1.' }),
    );
    await assert.rejects(
      pullModels(`${web.url}/nothing.zip`, models, { cache, allow: [web.url] }),
      refusal({ code: "SERVING_SOURCE_FAILED", message: "The source cannot be pulled from: The server answered 404." }),
    );
    await assert.rejects(
      pushVersion(models, "github:acme/models"),
      refusal({ code: "SERVING_BAD_SOURCE", message: /not one that can be pushed to/ }),
    );
    await assert.rejects(pushVersion(models, "s3://bucket"), refusal({ code: "SERVING_BAD_SOURCE", message: /name of a model/ }));
    await assert.rejects(
      pushVersion(models, "http://127.0.0.1:1/api/models/times"),
      refusal({ code: "SERVING_SOURCE_FAILED", message: "The server is not reached.", hint: "Nothing was changed there." }),
    );
  });
});
