// `cortado models doctor` on GGUF files: what they are by their heads, and how quickly they write.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import type { ModelReport } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { skipped } from "./llama-package.ts";
import { modelsFolder } from "./served-llama.ts";
import { writeTinyLlama } from "./tiny-llama.ts";

const says = (more: Record<string, string | number>) =>
  Object.fromEntries(
    Object.entries(more).map(([key, value]) => [key, { type: typeof value === "string" ? "string" : "uint32", value } as const]),
  );

describe("cortado models doctor", () => {
  it("says what a GGUF file is by its head, where it cannot be run, and why", async (t) => {
    const root = temporaryFolder(t);
    writeTinyLlama(join(root, "tiny.gguf"), says({ "general.file_type": 15, "general.name": "tiny\u001b[2J" }));
    writeFileSync(join(root, "broken.gguf"), "no model");
    const { code, out } = await runCli(["models", "doctor", "tiny.gguf"], root);
    assert.match(out, /^\S*tiny\.gguf, run by llama\nwritten by an unnamed program, GGUF 3\n/);
    assert.match(out, /^architecture: llama \(tiny\[2J\), trained for 512 tokens of context$/m);
    assert.match(out, /^quantization: Q4_K_M, [\d.]+ kB$/m);
    assert.match(out, /^learned numbers: 62,144 F32$/m);
    assert.match(
      out,
      /^It does not load\.\nRunning GGUF models needs the package "node-llama-cpp", which is not installed\. npm install node-llama-cpp$/m,
    );
    assert.equal(code, 1);
    const broken = await runCli(["models", "doctor", "broken.gguf"], root);
    assert.match(broken.out, /^It does not load\.\nbroken\.gguf is not a GGUF file\./m);
    assert.equal(broken.code, 1);
  });
});

describe("cortado models doctor of a GGUF model", { skip: skipped }, () => {
  let root: string;
  before(() => {
    root = modelsFolder();
    writeTinyLlama(join(root, "downloads/tiny.gguf"), says({ "llama.context_length": 8192 }));
    writeTinyLlama(join(root, "downloads/other.gguf"));
    writeTinyLlama(join(root, "texts/1/model.gguf"), says({ "llama.pooling_type": 1 }));
  });

  it("times how soon and how quickly a file writes, one among several", { timeout: 60_000 }, async () => {
    const { code, out } = await runCli(["models", "doctor", "downloads/tiny.gguf"], root);
    assert.equal(code, 0, out);
    assert.match(out, /^loaded in [\d.]+ m?s, [\d.]+ MB of memory for each copy$/m);
    assert.match(out, /^It began to answer \d+ tokens after [\d.]+ ms, and wrote 48 tokens, [\d.]+ tokens a second\.$/m);
    assert.match(
      out,
      /^It was trained for 8,192 tokens; without llama\(\{ context \}\), a question and its answer have 4,096\.$/m,
    );
  });

  it("refuses sizes of inputs, which it does not have, before it measures", async () => {
    const { code, out, err } = await runCli(["models", "doctor", "downloads/tiny.gguf", "--shape", "x:3"], root);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /--shape names the input "x", and the model takes no tensors/);
  });

  it("times a folder whose model gives texts as numbers", { timeout: 60_000 }, async () => {
    const { code, out } = await runCli(["models", "doctor", "texts", "--json"], root);
    const { kind, batches, contents, problem } = JSON.parse(out) as ModelReport;
    assert.deepEqual([code, kind, problem], [0, "llama", undefined], problem);
    assert.equal(batches[0]!.rows, 1);
    assert.equal(contents!.language!.quantization, "F32");
  });
});
