import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, afterEach, describe, it, type TestContext } from "node:test";
import { checkServing, handler, type ModelRepository, openSource, type OpenSourceOptions, readManifest } from "cortado/serving";
import { defineApp, type ProjectSettings } from "cortado";
import { temporaryFolder } from "../../temporary-folder.ts";
import { timesModel } from "../models.ts";
import { refusal } from "../refused.ts";
import { startHub } from "./hub-server.ts";
import { fetched, openedSource } from "./opened-source.ts";

const hub = await startHub({ after });
// No token of whoever runs this has a part in it.
for (const name of ["HF_TOKEN", "HF_ENDPOINT", "HF_TOKEN_PATH"]) delete process.env[name];
process.env["HF_HOME"] = "/nowhere";
let count = 0;
afterEach(() => {
  hub.trouble = hub.cdnTrouble = undefined;
  delete process.env["HF_TOKEN"];
  delete process.env["HF_ENDPOINT"];
  process.env["HF_HOME"] = "/nowhere";
});

const large = (text: string) => text.padEnd(5000, ".");
const repositoryName = () => `acme/digits-${++count}`;

const opened = (t: TestContext, source: string, options: OpenSourceOptions = {}) =>
  openedSource(t, source, { hub: hub.url, allow: ["hf:acme", hub.cdn], ...options });

async function problemOf(repository: ModelRepository): Promise<string | undefined> {
  assert.deepEqual(await repository.versions("digits"), []);
  return repository.problem!();
}

const filesOf = (folder: string) => readdirSync(folder).filter((name) => name !== "manifest.json").sort(); // oxfmt-ignore
const read = (folder: string, name = "model.onnx") => readFileSync(join(folder, name), "utf8");

describe("a model on the hub", () => {
  it("is model.onnx or onnx/model.onnx, with what stands beside it and no weights of other libraries", async (t) => {
    const name = repositoryName();
    const commit = hub.commit(name, {
      ".gitattributes": "*.onnx filter=lfs",
      "README.md": "# Digits",
      "config.json": '{"labels": 10}',
      "tokenizer.json": "{}",
      "manifest.json": '{"name": "a page"}',
      "pytorch_model.bin": large("pickled"),
      "model.safetensors": large("others"),
      "onnx/model.onnx": large("the model"),
      "onnx/model.onnx_data": large("its weights"),
      "onnx/model_quantized.onnx": large("a smaller one"),
      "onnx/model_quantized.onnx_data": large("its weights too"),
      "onnx/config.json": '{"labels": 11}',
    });
    const folder = await fetched(opened(t, `hf:${name}`));
    assert.deepEqual(filesOf(folder), ["config.json", "model.onnx", "model.onnx_data", "tokenizer.json"]);
    assert.equal(read(folder), large("the model"));
    assert.equal(read(folder, "config.json"), '{"labels": 11}');
    assert.equal((await readManifest(folder))!.revision, commit);
    const flat = repositoryName();
    hub.commit(flat, { "model.onnx": "small", "onnx/model.onnx": "other", "weights.pb": "w" });
    const beside = await fetched(opened(t, `hf://${flat}`));
    assert.deepEqual([filesOf(beside), read(beside)], [["model.onnx", "weights.pb"], "small"]);
  });

  it("is the file or the folder that its address names, of ONNX, GGUF or TensorFlow.js", async (t) => {
    const name = repositoryName();
    hub.commit(name, {
      "onnx/model.onnx": "large",
      "onnx/model_int8.onnx": "small",
      "onnx/model_int8.onnx_data": "weights of the small",
      "web/model.json": "{}",
      "web/group1-shard1of1.bin": "bare numbers",
      "web/pytorch_model.bin": "pickled",
      "gguf/tiny-q4.gguf": "GGUF",
      "split/tiny-00001-of-00002.gguf": "GGUF 1",
      "split/tiny-00002-of-00002.gguf": "GGUF 2",
      "config.json": "{}",
    });
    const chosen = async (place: string) => filesOf(await fetched(opened(t, place)));
    const small = await fetched(opened(t, `hf:${name}#onnx/model_int8.onnx`));
    assert.deepEqual(filesOf(small), ["config.json", "model.onnx", "model_int8.onnx_data"]);
    assert.equal(read(small), "small");
    assert.deepEqual(await chosen(`hf:${name}#web`), ["config.json", "group1-shard1of1.bin", "model.json"]);
    assert.deepEqual(await chosen(`hf://${name}/gguf`), ["config.json", "model.gguf"]);
    const parts = ["config.json", "tiny-00001-of-00002.gguf", "tiny-00002-of-00002.gguf"];
    assert.deepEqual(await chosen(`hf:${name}@main#split`), parts);
    assert.deepEqual(await chosen(`hf:${name}#split/tiny-00002-of-00002.gguf`), parts);
  });

  it("that cannot be told is refused with what there is", async (t) => {
    const name = repositoryName();
    hub.commit(name, {
      "a/one.gguf": "1",
      "a/two.gguf": "2",
      "b/weights.bin": "pickled",
      "b/deep/c/x.onnx": "3",
      "pytorch_model.bin": "p",
    });
    const asked = async (place: string) => problemOf(opened(t, `hf:${name}${place}`));
    assert.equal(await asked(""), "The repository has no model: no .onnx, no .gguf and no model.json.");
    assert.equal(await asked("#a"), 'The repository has 2 models in "a", and has to be told which.');
    assert.equal(await asked("#none"), 'The repository has no folder and no file "none".');
    assert.equal(await asked("#b"), 'The repository has no model in "b": no .onnx, no .gguf and no model.json.');
    const pickled = 'The repository has "pytorch_model.bin", which is no model\'s file.';
    assert.equal(await asked("#pytorch_model.bin"), pickled);
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    for (const place of ["#a", "#pytorch_model.bin", "#b"]) await opened(t, `hf:${name}${place}`, { warn }).versions("digits");
    assert.match(warnings[0]!, /Add one of these to the address: #a\/one\.gguf, #a\/two\.gguf\./);
    assert.match(warnings[1]!, /Pickled weights run code, and are not taken\./);
    assert.match(warnings[2]!, /There is #b\/deep\/c\/x\.onnx\./);
  });

  it("is of the branch, the tag or the commit that its address names, and another version when its files change", async (t) => {
    const name = repositoryName();
    const first = hub.commit(name, { "model.onnx": "first", "README.md": "a" });
    hub.commit(name, { "model.onnx": "of a request" }, "refs/pr/3");
    const repository = opened(t, `hf:${name}`);
    assert.equal(read(await fetched(repository)), "first");
    hub.commit(name, { "model.onnx": "first", "README.md": "b" });
    await repository.refresh!();
    assert.equal((await repository.versions("digits")).length, 1);
    hub.commit(name, { "model.onnx": "second" });
    await repository.refresh!();
    assert.equal(read(await fetched(repository, "2")), "second");
    assert.equal(read(await fetched(opened(t, `hf:${name}@${first}`))), "first");
    assert.equal(read(await fetched(opened(t, `hf:${name}@refs/pr/3`))), "of a request");
    assert.equal(read(await fetched(opened(t, `hf://${name}@refs/pr/3/model.onnx`))), "of a request");
    const lines = hub.requests.map(({ line }) => line);
    assert.ok(lines.includes(`GET /${name}/resolve/${first}/model.onnx`));
    assert.ok(lines.every((line) => !/resolve\/(?:main|refs)/.test(line)));
  });

  it("is still had after its owner has rewritten the history, from the commit that has the same files", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": "same" });
    const repository = opened(t, `hf:${name}`);
    await repository.versions("digits");
    hub.repositories.delete(name);
    hub.commit(name, { "model.onnx": "same" });
    await repository.refresh!();
    assert.equal(read(await fetched(repository)), "same");
  });

  it("that is private, gated, of no such revision or not there says so, and what lets a reader in", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": "hidden" });
    const source = `hf:${name}`;
    const warned: string[] = [];
    const options = { warn: (message: string) => void warned.push(message) };
    assert.equal(
      await problemOf(opened(t, `${source}@v9`, options)),
      `The repository ${source}@v9 has no branch, tag or commit "v9" (404).`,
    );
    hub.repositories.get(name)!.token = "hf_owner";
    assert.equal(await problemOf(opened(t, source, options)), `The repository ${source} is private, or not there (401).`);
    assert.match(warned.at(-1)!, /Give a token that may read it: HF_TOKEN, or serving\.sources\.credentials\./);
    const other = { credentials: { "hf:acme": "hf_other" } };
    assert.equal(await problemOf(opened(t, source, other)), `The repository ${source} is not there (404).`);
    assert.equal(read(await fetched(opened(t, source, { credentials: { "hf:acme": "hf_owner" } }))), "hidden");
    const gated = hub.repositories.get(name)!;
    delete gated.token;
    gated.gatedFor = "hf_let-in";
    for (const credentials of [{}, other.credentials]) {
      const [version] = await opened(t, source, { credentials }).versions("digits");
      await assert.rejects(
        version!.fetch!(),
        refusal({
          code: "SERVING_SOURCE_FAILED",
          message: /^model\.onnx is given to those alone whom its owner has let in \(40[13]\)\.$/,
          hint: `Ask for access at ${hub.url}/${name}, and give the token of that account: HF_TOKEN, or serving.sources.credentials.`,
        }),
      );
    }
    assert.equal(read(await fetched(opened(t, source, { credentials: { "hf:acme": "hf_let-in" } }))), "hidden");
  });

  it("is asked for with the token that the hub's own programs use, which no other server and no log is told", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": large("hidden") });
    hub.repositories.get(name)!.token = "hf_t0p-secret";
    const home = temporaryFolder(t);
    const sources: Record<string, () => void> = {
      environment: () => (process.env["HF_TOKEN"] = "hf_t0p-secret"),
      file: () => {
        delete process.env["HF_TOKEN"];
        mkdirSync(join(home, "hf"));
        writeFileSync(join(home, "hf/token"), "hf_t0p-secret\n");
        process.env["HF_HOME"] = join(home, "hf");
      },
    };
    for (const given of Object.values(sources)) {
      given();
      hub.requests.length = 0;
      const warnings: string[] = [];
      const repository = opened(t, `hf:${name}`, { warn: (message) => void warnings.push(message) });
      assert.equal(read(await fetched(repository)), large("hidden"));
      const told = (from: string) => new Set(hub.requests.filter((each) => each.from === from).map((each) => each.authorization));
      assert.deepEqual([...told("hub")], ["Bearer hf_t0p-secret"]);
      assert.deepEqual([...told("cdn")], [undefined]);
      hub.trouble = (_request, response) => Boolean(response.writeHead(403, { "x-error-message": "hf_t0p-secret" }).end());
      await repository.refresh!();
      hub.trouble = undefined;
      assert.match(warnings.join(), /is not shown to the token that was given \(403\)/);
      assert.ok(!warnings.join().includes("t0p"));
    }
  });

  it("goes on where the line was cut, also where another server sends it, and is held against the hub's digests", async (t) => {
    const name = repositoryName();
    const bytes = Buffer.alloc(300_000, "weights");
    hub.commit(name, { "model.onnx": bytes, "labels.txt": "a\nb" });
    let cuts = 0;
    hub.cdnTrouble = (request, response) => {
      if (cuts++ >= 2) return false;
      const start = Number(/\d+/.exec(request.headers.range ?? "")?.[0] ?? 0);
      const range = { "content-range": `bytes ${start}-${bytes.byteLength - 1}/${bytes.byteLength}` };
      response.writeHead(start > 0 ? 206 : 200, { "content-length": bytes.byteLength - start, ...(start > 0 ? range : {}) });
      response.write(bytes.subarray(start, start + 100_000), () => setTimeout(() => response.destroy(), 50));
      return true;
    };
    hub.requests.length = 0;
    assert.equal(read(await fetched(opened(t, `hf:${name}`))), bytes.toString());
    const ranges = hub.requests.filter(({ from }) => from === "cdn").map(({ range }) => range);
    assert.deepEqual(ranges, [undefined, "bytes=100000-", "bytes=200000-"]);
    const refused = (message: RegExp | string) => refusal({ code: "SERVING_BAD_ARTIFACT", message });
    hub.cdnTrouble = (_request, response) => Boolean(response.end(Buffer.alloc(300_000, "w0ights")));
    await assert.rejects(fetched(opened(t, `hf:${name}`)), refused("model.onnx has another digest than the hub says."));
    hub.cdnTrouble = undefined;
    hub.trouble = (request, response) => request.url!.endsWith("labels.txt") && Boolean(response.end("a\nc"));
    await assert.rejects(fetched(opened(t, `hf:${name}`)), refused("labels.txt has another digest than the hub says."));
    hub.trouble = (request, response) => request.url!.endsWith("labels.txt") && Boolean(response.end("a\nb and more"));
    await assert.rejects(fetched(opened(t, `hf:${name}`)), refused(/labels\.txt is longer than the 3 bytes/));
    hub.trouble = undefined;
    await assert.rejects(fetched(opened(t, `hf:${name}`, { maxSize: 1000 })), refused(/has 300003 bytes, and may have 1000/));
  });

  it("is served from the cache after a restart, where the hub is not reached", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": large("kept") });
    const cache = temporaryFolder(t);
    const first = opened(t, `hf:${name}`, { cache });
    await fetched(first);
    await first.close!();
    hub.trouble = hub.cdnTrouble = (request) => Boolean(request.destroy());
    const again = opened(t, `hf:${name}`, { cache });
    assert.equal(read(await fetched(again)), large("kept"));
  });

  it("comes through servers with public addresses alone, unless the operator names them", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": large("elsewhere") });
    const allow = ["hf:acme"];
    const cases = {
      [hub.cdn]: "is not allowed",
      "https://169.254.169.254/latest/meta-data": "is not allowed",
      "https://[::ffff:10.0.0.1]/": "is not allowed",
      "https://127.1/": "is not allowed",
      "https://0x7f000001/": "is not allowed",
      "https://localhost:1/": "is in a private network",
      "file:///etc/passwd": "is not allowed",
      "https://user:pass@example.com/": "is not allowed",
      "data:text/plain,x": "is not allowed",
    };
    for (const [location, reason] of Object.entries(cases)) {
      hub.trouble = (request, response) =>
        request.url!.includes("/resolve/") && Boolean(response.writeHead(302, { location }).end());
      hub.requests.length = 0;
      await assert.rejects(
        fetched(opened(t, `hf:${name}`, { allow })),
        refusal({ code: "SERVING_SOURCE_FAILED", message: new RegExp(`sends readers on to .*, which ${reason}`) }),
        location,
      );
      assert.ok(hub.requests.every(({ from }) => from === "hub"));
    }
  });

  it("whose list is no list, endless, or names what is no name is refused", async (t) => {
    const lists: [unknown, RegExp][] = [
      ["no JSON", /answered with something that is no list of files/],
      [{ sha: "../main", siblings: [] }, /no list of files/],
      [{ sha: "a".repeat(40), siblings: [null] }, /no list of files/],
      [{ sha: "a".repeat(40), siblings: [{ rfilename: "model.onnx", size: -1, blobId: "b".repeat(40) }] }, /no list of files/],
      [
        { sha: "a".repeat(40), siblings: [{ rfilename: "model.onnx", size: 1, blobId: "b", lfs: { sha256: "../x" } }] },
        /no list/,
      ],
    ];
    for (const [list, problem] of lists) {
      hub.trouble = (_request, response) => Boolean(response.end(JSON.stringify(list)));
      assert.match((await problemOf(opened(t, "hf:acme/odd")))!, problem);
    }
    hub.trouble = (_request, response) => {
      const more = () => !response.destroyed && response.write(Buffer.alloc(2 ** 20, " "), more);
      more();
      return true;
    };
    assert.equal(await problemOf(opened(t, "hf:acme/odd")), "The hub answers with more than 67108864 bytes.");
    const file = (rfilename: string) => ({ rfilename, size: 1, blobId: createHash("sha1").update(rfilename).digest("hex") });
    const names = ["labels\n.txt", "a\\b.txt", "c:d.txt", `${"x".repeat(300)}.txt`, "MODEL.ONNX.txt"];
    for (const name of names) {
      const siblings = [file("model.onnx"), file(name), ...(name === "MODEL.ONNX.txt" ? [file("Model.onnx.txt")] : [])];
      hub.trouble = (_request, response) => Boolean(response.end(JSON.stringify({ sha: "a".repeat(40), siblings })));
      await assert.rejects(
        fetched(opened(t, "hf:acme/odd")),
        refusal({ code: "SERVING_BAD_ARTIFACT", message: /is not a name that stays|but for small and large letters/ }),
        name,
      );
    }
  });
});

describe("the address of the hub", () => {
  it("is said by HF_ENDPOINT or a setting, and is https but for this machine's own", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "model.onnx": "one" });
    process.env["HF_ENDPOINT"] = `${hub.url}/`;
    assert.equal(read(await fetched(opened(t, `hf:${name}`, { hub: undefined }))), "one");
    for (const bad of ["http://hub.example.com", "hub.example.com", "https://user:pass@hub.example.com", "ftp://127.0.0.1"])
      assert.throws(
        () => opened(t, `hf:${name}`, { hub: bad }),
        (error: Error) => {
          assert.ok(!error.message.includes("pass"));
          return refusal({ code: "SERVING_BAD_SOURCE", message: /is not where a hub can be asked/ })(error);
        },
      );
    const app = defineApp({ name: "shop", handlers: { far: handler({ name: "far", source: "hf:acme/digits" }) } });
    const settings = { apps: [app], root: import.meta.dirname, serving: { sources: { hub: "http://hub.example.com" } } };
    const [message] = checkServing(settings as unknown as ProjectSettings);
    assert.deepEqual([message!.code, message!.object], ["SERVING_CHECK_SOURCE", "serving.sources.hub"]);
  });

  it("of a model that is not written as one says what is wrong with it", () => {
    const refused = (source: string, message: RegExp, options?: OpenSourceOptions) =>
      assert.throws(() => openSource(source, { cache: "/tmp/never-made", ...options }), { message }, source);
    for (const source of ["hf:digits", "hf:acme/", "hf:acme/a..b", "hf:acme/a/b", "hf://acme", "hf:-a/b", "hf:acme/digits?x=1"])
      refused(source, /does not name a repository as "hf:owner\/repository"/);
    refused("hf:acme/digits@--main", /cannot be a branch, a tag or a commit/);
    refused("hf:acme/digits@a..b", /cannot be a branch/);
    refused("hf:acme/digits#../x", /is not one inside it/);
    refused("hf://acme/digits/../x", /is not one inside it/);
    const notAllowed = /^Models may not come from/;
    refused("hf:acme-evil/digits", notAllowed, { allow: ["hf:acme"] });
    refused("hf:acme/digits@v2", notAllowed, { allow: ["hf:acme/digits@v1"] });
    refused("hf:acme/digits", notAllowed, { allow: ["github:acme", "https://huggingface.co"] });
    for (const entry of ["hf:acme", "hf://acme", "hf:acme/digits", "hf:acme/digits@v1"])
      openSource("hf:acme/digits@v1#onnx", { allow: [entry], cache: "/tmp/never-made" });
  });
});

describe("a model on the hub, on the command line", () => {
  const bin = resolve(import.meta.dirname, "../../../bin/cortado.mjs");
  const start = (args: readonly string[]) =>
    spawn(process.execPath, ["--conditions=cortado-source", bin, ...args], { env: { ...process.env, HF_ENDPOINT: hub.url } });

  it("is pulled into a folder of models, and served under its repository's name", async (t) => {
    const name = repositoryName();
    hub.commit(name, { "onnx/model.onnx": timesModel(4), "config.json": "{}" });
    const models = temporaryFolder(t);
    const pulling = start(["models", "pull", `hf:${name}`, models, "--cache", temporaryFolder(t)]);
    const [code] = (await once(pulling, "close")) as [number];
    assert.equal(code, 0, await text(pulling.stderr));
    assert.deepEqual(filesOf(join(models, name.slice(5), "1")), ["config.json", "model.onnx"]);
    const serving = start(["serve", `hf:${name}`, "--port", "0", "--cache", temporaryFolder(t)]);
    t.after(() => serving.kill());
    let url: string | undefined;
    for await (const line of createInterface(serving.stdout)) if ((url = /Serving hf:.* at (http:\S+)/.exec(line)?.[1])) break;
    const response = await fetch(`${url}/api/models/${name.slice(5)}/predict`, {
      method: "POST",
      body: JSON.stringify({ input: { x: [1, 1] } }),
      headers: { "content-type": "application/json" },
    });
    const { output, version } = (await response.json()) as { output: { y: number[] }; version: string };
    assert.deepEqual([output.y[0], version], [4, "1"]);
    serving.kill("SIGTERM");
    assert.deepEqual(await once(serving, "close"), [0, null]);
  });
});
