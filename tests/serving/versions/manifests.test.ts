// The digests of a version whose files lie in folders of its own folder.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { ModelServer, readManifest, verifyManifest, writeManifest } from "cortado/serving";
import { putModel, temporaryFolder, timesModel } from "../models.ts";
import { refusal } from "../refused.ts";

/** A model with words in a folder, complete with its manifest. */
async function nestedVersion(): Promise<{ root: string; folder: string; words: string }> {
  const root = temporaryFolder();
  const folder = putModel(root, "times/1", timesModel(2));
  const words = join(folder, "tokenizer/words/en.txt");
  mkdirSync(join(folder, "tokenizer/words"), { recursive: true });
  mkdirSync(join(folder, "__pycache__"));
  writeFileSync(words, "a\nb\n");
  writeFileSync(join(folder, "__pycache__/module.pyc"), "made by Python");
  await writeManifest(folder, { model: "times", version: "1" });
  return { root, folder, words };
}

/** What the version answers, or why it does not load. */
async function answerOf(root: string): Promise<unknown> {
  const server = new ModelServer({ directories: [root], log: { info() {}, warn() {} } });
  await server.start();
  await server.settled();
  try {
    return (await server.predict("times", [{ x: [1, 2] }])).outputs[0];
  } catch {
    return server.versions("times")[0]!.error;
  } finally {
    await server.close();
  }
}

describe("a version with files in folders", () => {
  it("has them all in its manifest, with their sizes and digests", async () => {
    const { root, folder } = await nestedVersion();
    const { files } = (await readManifest(folder))!;
    assert.deepEqual(Object.keys(files), ["model.onnx", "tokenizer/words/en.txt"]);
    assert.equal(files["tokenizer/words/en.txt"]!.size, 4);
    assert.deepEqual(await answerOf(root), { y: [2, 4] });
  });

  it("does not load where one of them has changed", async () => {
    const { root, words } = await nestedVersion();
    writeFileSync(words, "a\nc\n");
    assert.match(String(await answerOf(root)), /has another digest for tokenizer\/words\/en\.txt than the file\./);
  });

  it("does not load where one of them has gone", async () => {
    const { root, words } = await nestedVersion();
    rmSync(words);
    assert.match(String(await answerOf(root)), /lists tokenizer\/words\/en\.txt, which is not there\./);
  });

  for (const name of ["../times/1/model.onnx", "words/../../1/model.onnx", "/etc/hostname", "words//w.bin", "words\\w.bin"]) {
    it(`may not list ${name}, which leads out of its folder`, async () => {
      const { folder } = await nestedVersion();
      const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
      manifest.files = { [name]: manifest.files["model.onnx"] };
      await assert.rejects(
        verifyManifest(folder, manifest),
        refusal({ code: "SERVING_BAD_MANIFEST", message: /lists ".+", which does not stay in its folder\.$/ }),
      );
    });
  }
});
