// `cortado models push` of what is no ONNX file, to a running server: a GGUF file, and a folder of TensorFlow.js.
import assert from "node:assert/strict";
import {
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { defineApp, defineProject, include, path } from "cortado";
import { api } from "cortado/api";
import { auth, createToken } from "cortado/auth";
import { registry } from "cortado/registry";
import { DiskRepository, handler, llama, pushVersion, tensor, tensorFlowJs } from "cortado/serving";
import { testSite } from "cortado/testing";
import accounts from "../../../examples/cafe/accounts/app.ts";
import { User } from "../../../examples/cafe/accounts/models.ts";
import { runCli } from "../../cli/run-cli.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { skipped as withoutLlama } from "../llama/llama-package.ts";
import { modelsFolder } from "../llama/served-llama.ts";
import { writeTinyLlama } from "../llama/tiny-llama.ts";
import { putFile, realPackages, skipped as withoutPackages } from "../real-models/real-packages.ts";

/** A project below the packages that its models need, and its server. */
async function servedProject(root: string, handlers: Parameters<typeof defineApp>[0]["handlers"]) {
  const site = await testSite(
    defineProject({
      apps: [auth({ user: User }), registry(), accounts, defineApp({ name: "pushed", handlers: handlers! })],
      urls: [path("api/", include(api.urls))],
      secretKey: "a secret of the tests, long enough for any mode",
      configFile: join(root, "cortado.config.ts"),
      uploads: { maxFileSize: 1_000_000 },
    }),
  );
  const ada = await User.objects.createSuperuser({ username: "ada", email: "ada@example.com", password: "a-long-passphrase-1" });
  const token = await createToken(ada, ["manage", "predict"]);
  process.env["CORTADO_TOKEN"] = token;
  return { site, asked: { headers: { authorization: `Bearer ${token}` } }, url: `${await site.listen()}/api/models` };
}

describe("cortado models push of one file", () => {
  it("gives an ONNX file the name that a version has it by, and says which place is none", async (t) => {
    const root = temporaryFolder(t, { "trained.onnx": "not looked at here", "empty/manifest.json": "{}" });
    const { code, out, err } = await runCli(["models", "push", "trained.onnx", join(root, "models/digits")], root);
    assert.deepEqual([code, out], [0, "digits 1\n"], err);
    assert.deepEqual(readdirSync(join(root, "models/digits/1")).sort(), ["manifest.json", "model.onnx"]);
    for (const [place, problem] of Object.entries({ nowhere: "is neither a folder nor a file", empty: "has no files" })) {
      const refused = await runCli(["models", "push", place, join(root, "models/digits")], root);
      assert.deepEqual([refused.code, refused.err.includes(`${join(root, place)} ${problem}.`)], [1, true], refused.err);
    }
  });
});

describe("cortado models push of links", () => {
  it("takes the files that they lead to, and says which leads nowhere", async (t) => {
    const root = temporaryFolder(t, { "blobs/1a2b": "not looked at here", "cached/.keep": "" });
    symlinkSync("../blobs/1a2b", join(root, "cached/model.onnx"));
    const push = () => runCli(["models", "push", "cached", join(root, "models/digits")], root);
    const { code, err } = await push();
    assert.equal(code, 0, err);
    assert.ok(lstatSync(join(root, "models/digits/1/model.onnx")).isFile());
    rmSync(join(root, "blobs/1a2b"));
    const refused = await push();
    assert.equal(refused.code, 1);
    assert.match(refused.err, /cached has a link that leads nowhere: model\.onnx\./);
  });
});

describe("a push of files that are written meanwhile", () => {
  it("is refused, what was sent is never served, and the next push gets the next number", async (t) => {
    const root = temporaryFolder(t, { "trained/model.onnx": Buffer.alloc(32 * 2 ** 20), "trained/words.txt": "before" });
    const destination = join(root, "models/digits");
    const push = () => pushVersion(join(root, "trained"), destination);
    let over = false;
    const refused = assert
      .rejects(push(), {
        code: "SERVING_BAD_ARTIFACT",
        message: `${join(root, "trained/words.txt")} changed while it was pushed.`,
        hint: "What was sent of it is never served. Push again when the files are whole.",
      })
      .finally(() => (over = true));
    // The largest is sent first, in hundreds of turns of this thread.
    const sent = () => globSync(join(destination, "1/.*.part")).some((part) => statSync(part).size > 2 ** 20);
    while (!over && !sent()) await new Promise(setImmediate);
    writeFileSync(join(root, "trained/words.txt"), "after");
    await refused;
    const seen = async () => (await new DiskRepository(join(root, "models")).versions("digits")).map(({ version }) => version);
    assert.deepEqual(await seen(), []);
    assert.deepEqual(await push(), { model: "digits", version: "2" });
    assert.deepEqual(await seen(), ["2"]);
    assert.equal(readFileSync(join(destination, "2/words.txt"), "utf8"), "after");
  });
});

describe("cortado models push of a GGUF file to a server", { skip: withoutLlama }, () => {
  const root = modelsFolder();
  const writer = handler({ name: "writer", runtime: llama({ threads: 1 }), train: { kind: "none" } });
  let served: Awaited<ReturnType<typeof servedProject>>;
  before(async () => void (served = await servedProject(root, { writer })));
  after(() => served.site.close());
  const push = (from: string) => runCli(["models", "push", from, `${served.url}/writer`], root);

  it("makes a version of a folder with it, which answers", { timeout: 60_000 }, async () => {
    writeTinyLlama(join(root, "trained/tiny.Q8_0.gguf"));
    const { code, out, err } = await push("trained");
    assert.deepEqual([code, out], [0, "writer 1\n"], err);
    const input = { prompt: "abc", maxTokens: 3, temperature: 0 };
    const answer = await served.site.post("/api/models/writer/predict", { input }, served.asked);
    assert.deepEqual([answer.json().output.content, answer.json().version], ["def", "1"]);
  });

  it("makes one of the file alone", { timeout: 60_000 }, async () => {
    const { code, out, err } = await push("trained/tiny.Q8_0.gguf");
    assert.deepEqual([code, out], [0, "writer 2\n"], err);
  });

  it("says why a broken one, one that is too large and one that is not there are no version", { timeout: 60_000 }, async () => {
    mkdirSync(join(root, "broken"));
    writeFileSync(join(root, "broken/model.gguf"), "no model");
    const broken = await push("broken");
    assert.deepEqual([broken.code, broken.out], [1, ""]);
    assert.match(broken.err, /The server answered 422: .*model\.gguf is not a GGUF file/);
    mkdirSync(join(root, "large"));
    writeFileSync(join(root, "large/model.gguf"), Buffer.alloc(30_000_000));
    assert.match((await push("large")).err, /The server answered 413: .*too large/);
    assert.match((await push("nothing")).err, /nothing is neither a folder nor a file\.\n/);
  });
});

const languages = handler({
  name: "languages",
  train: { kind: "none" },
  // Its other way of computing knows no texts.
  runtime: tensorFlowJs({ backend: "cpu" }),
  preprocess: (text: string) => ({ inputs: tensor("string", [text], []) }),
  postprocess: ({ scores, classes }) => {
    const values = scores!.numbers();
    return (classes!.data as string[])[values.indexOf(Math.max(...values))]!;
  },
});

describe("cortado models push of a TensorFlow.js folder to a server", { skip: withoutPackages }, () => {
  const root = mkdtempSync(join(realPackages ?? import.meta.dirname, "models-"));
  const model = "@vscode/vscode-languagedetection/model";
  const weights = "group1-shard1of1.bin";
  let served: Awaited<ReturnType<typeof servedProject>>;
  before(async () => void (served = await servedProject(root, { languages })));
  after(async () => {
    await served.site.close();
    rmSync(root, { recursive: true });
  });
  const push = (from: string) => runCli(["models", "push", from, `${served.url}/languages`], root);

  it("makes a version that answers", { timeout: 60_000 }, async () => {
    putFile(root, "trained/model.json", `${model}/model.json`);
    putFile(root, `trained/${weights}`, `${model}/${weights}`);
    const { code, out, err } = await push("trained");
    assert.deepEqual([code, out], [0, "languages 1\n"], err);
    const input = "def area(r):\n    import math\n    return math.pi * r ** 2\n\nprint(area(3))\n";
    const answer = await served.site.post("/api/models/languages/predict", { input }, served.asked);
    assert.equal(answer.json().output, "py");
  });

  it("says that its weights are missing", { timeout: 60_000 }, async () => {
    putFile(root, "without/model.json", `${model}/model.json`);
    const { code, err } = await push("without");
    assert.equal(code, 1);
    assert.match(err, new RegExp(`The server answered 422: .*${weights}`));
  });
});
