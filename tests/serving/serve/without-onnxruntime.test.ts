// `cortado serve` where onnxruntime-node is not installed: it is asked for when there is an ONNX model, and not before.
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

/** Starts it as on a machine without the package. */
function startWithout(t: TestContext, args: readonly string[]) {
  const hooks = join(temporaryFolder(t), "without.mjs");
  writeFileSync(
    hooks,
    `import { registerHooks } from "node:module";
    const missing = () => Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === "onnxruntime-node") throw missing();
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
