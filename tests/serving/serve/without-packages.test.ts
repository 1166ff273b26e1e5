// `cortado serve` where an optional package is not installed: it is asked for when a model or its source needs it, and not before.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { temporaryFolder } from "../../temporary-folder.ts";
import { ggufBytes } from "../llama/gguf-writer.ts";
import { tinyMetadata, tinyTensors } from "../llama/tiny-llama.ts";
import { putModel, timesModel } from "../models.ts";
import { startServe } from "./serve-process.ts";

const install = /npm install --ignore-scripts onnxruntime-node/;

/** Starts it as on a machine without a package. */
function startWithout(t: TestContext, args: readonly string[], name = "onnxruntime-node") {
  const hooks = join(temporaryFolder(t), "without.mjs");
  writeFileSync(
    hooks,
    `import { registerHooks } from "node:module";
    const missing = () => Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === "${name}") throw missing();
        return next(specifier, context);
      },
    });`,
  );
  return startServe(t, [...args, "--port", "0"], { env: { NODE_OPTIONS: `--import=${hooks}` } });
}

describe("cortado serve without onnxruntime-node", () => {
  it("serves other models, and says what one of ONNX lacks that comes later", async (t) => {
    const folder = temporaryFolder(t);
    mkdirSync(join(folder, "tiny/1"), { recursive: true });
    writeFileSync(join(folder, "tiny/1/model.gguf"), ggufBytes(tinyMetadata(), tinyTensors()));
    const { url, said, says } = startWithout(t, [folder]);
    const models = `${await url()}/api/models`;
    assert.equal((await fetch(`${models}/tiny`)).status, 200);
    assert.doesNotMatch(said.out + said.err, /onnxruntime/);
    putModel(folder, "double/1", timesModel(2));
    await says(
      /Version 1 of the model "double" does not load: .*"onnxruntime-node".*npm install --ignore-scripts onnxruntime-node/,
    );
    assert.equal((await fetch(`${models}/tiny`)).status, 200);
    const { error } = (await (await fetch(`${models}/double/versions/1`)).json()) as { error: string };
    assert.match(error, /Running ONNX models needs the package "onnxruntime-node"/);
  });

  it("ends with the line that installs it where there is an ONNX model", async (t) => {
    const folder = temporaryFolder(t);
    putModel(folder, "double/1", timesModel(2));
    const { ended, said } = startWithout(t, [folder]);
    assert.equal(await ended, 1);
    assert.match(said.err, /Running ONNX models needs the package "onnxruntime-node", which is not installed/);
    assert.match(said.err, install);
    assert.doesNotMatch(said.err, / {4}at |node:internal/);
  });
});

describe("cortado serve without @aws-sdk/client-s3", () => {
  const missing = /A storage in S3 needs the package "@aws-sdk\/client-s3", which is not installed/;
  const install = /npm install @aws-sdk\/client-s3/;

  it("ends with the line that installs it where models lie in S3", async (t) => {
    const args = ["s3://models/digits", "--cache", temporaryFolder(t)];
    const { ended, said } = startWithout(t, args, "@aws-sdk/client-s3");
    assert.equal(await ended, 1, said.out + said.err);
    assert.match(said.err, /^KERNEL_MISSING_PACKAGE /m);
    for (const pattern of [missing, install]) assert.match(said.err, pattern);
    assert.doesNotMatch(said.err, / {4}at |node:internal/);
  });

  it("says so, and goes on, where it was told to go on trying", async (t) => {
    const args = ["s3://models/digits", "--cache", temporaryFolder(t), "--keep-trying"];
    const { says, said, child, ended } = startWithout(t, args, "@aws-sdk/client-s3");
    await says(/is not reached, and is tried again/);
    for (const pattern of [missing, install]) assert.match(said.err, pattern);
    child.kill("SIGTERM");
    assert.equal(await ended, 0, said.err);
  });

  it("serves what lies in folders", async (t) => {
    const { url, said } = startWithout(t, [temporaryFolder(t)], "@aws-sdk/client-s3");
    assert.equal((await fetch(`${await url()}/health/ready`)).status, 200);
    assert.equal(said.err, "");
  });
});
