// `cortado models doctor`: what a model is, what it costs, how it is best run, and why it does not load.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, describe, it } from "node:test";
import { spawnSync } from "node:child_process";
import { examineModel, examineOnnxFile, handler, ModelServer, python } from "cortado/serving";
import { reportLines } from "../../../src/cli/doctor-lines.ts";
import { runCli } from "../../cli/run-cli.ts";
import { externalModel, identityModel, loopModel, perceptron, putModel, temporaryFolder, timesModel } from "../models.ts";
import { type Graph, onnxModel } from "../onnx-writer.ts";

const root = temporaryFolder();
after(() => rmSync(root, { recursive: true, force: true }));
putModel(root, "digits/1", perceptron());
putModel(root, "fixed/1", timesModel(2, 2, 1));
putModel(root, "broken/1", Buffer.from("no model"));
const doctor = (...argv: string[]) => runCli(["models", "doctor", ...argv], root);

const pythonMissing = spawnSync("python3", ["--version"]).status !== 0 && "python3 is not installed";

/** A model of one operator on rows of two numbers. */
const oneOperator = (op: string, domain = "", type: "float" | "double" = "float") => {
  const shape = ["batch", 2] as const;
  const graph: Graph = {
    nodes: [{ op, inputs: ["x"], outputs: ["y"], domain }],
    inputs: [{ name: "x", type, shape }],
    outputs: [{ name: "y", type, shape }],
  };
  return onnxModel(graph);
};

async function problemOf(model: Uint8Array): Promise<string> {
  const file = join(root, "odd.onnx");
  writeFileSync(file, model);
  return (await examineOnnxFile(file)).advice.reasons.join(" ");
}

describe("the doctor of models", { concurrency: false }, () => {
  it("measures batches from one row to 64, threads, loading and memory, and recommends options", async () => {
    const report = await examineOnnxFile(join(root, "digits"));
    assert.deepEqual(
      report.batches.map(({ rows }) => rows),
      [1, 2, 4, 8, 16, 32, 64],
    );
    assert.ok(report.batches.every(({ milliseconds }) => milliseconds > 0));
    assert.equal(report.threads[0]!.threads, 1);
    assert.ok(report.load! > 0 && report.memory! >= 0);
    assert.deepEqual(report.contents!.forms, { "IR version": 8, "ai.onnx": 17, "ai.onnx.ml": 1 });
    assert.deepEqual(report.contents!.operators, { Gemm: 3, Relu: 2 });
    assert.equal(report.contents!.parameters, 784 * 128 + 128 + 128 * 64 + 64 + 64 * 10 + 10);
    assert.match(report.advice.options.join(), /batch: (?:false|\{ maxSize: \d+ \})/);
  });

  it("prints what it found", async () => {
    const { code, out } = await doctor("digits");
    assert.equal(code, 0);
    assert.match(out, /run by onnxruntime \d/);
    assert.match(out, /operators: Gemm 3, Relu 2/);
    assert.match(out, /takes +image +FP32 +\[-1, 784\]/);
    assert.match(out, /^rows +a run +a row +rows a second$/m);
    assert.match(out, /^threads +one row +best batch$/m);
    assert.match(out, /^Recommended for the handler:\n {2}batch: /m);
    assert.match(JSON.parse((await doctor("digits/1/model.onnx", "--json")).out).kind, /onnx/);
  });

  it("prints short times in microseconds", async () => {
    const batches = [1, 64].map((rows) => ({ rows, milliseconds: 0.02 }));
    const advice = { options: [], reasons: [] };
    const lines = reportLines({ model: "quick", kind: "onnx", batches, threads: [], advice } as never);
    assert.match(lines.join("\n"), /^1 +20\.0 µs +20\.0 µs +50,000\n64 +20\.0 µs +0\.31\d µs +3,200,000$/m);
  });

  it("says why rows cannot be run together", async () => {
    const { batchProblem, advice, batches } = await examineOnnxFile(join(root, "fixed"));
    assert.equal(batchProblem, 'the input "x" has a first dimension that does not vary');
    assert.equal(batches.length, 1);
    assert.ok(advice.options.includes("batch: false"));
  });

  it("takes the sizes that vary from --shape, and says that it guessed them otherwise", async () => {
    putModel(root, "free/1", timesModel(2, "width" as never));
    const guessed = await examineOnnxFile(join(root, "free"));
    assert.deepEqual(guessed.guessed, ["x"]);
    assert.match(guessed.advice.reasons.join(), /sizes of "x" vary and were guessed/);
    assert.deepEqual((await examineOnnxFile(join(root, "free"), { shapes: { x: [64] } })).guessed, []);
    const wrong = await doctor("free", "--shape", "x=3");
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /--shape is "x=3", and must be an input with its sizes/);
    const unknown = await doctor("free", "--shape", "y:3");
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /--shape names the input "y"\. There are: x\n/);
    const unmeasured = await examineOnnxFile(join(root, "free"), { shapes: { y: [3] } });
    assert.equal(unmeasured.strangeInput, "y");
    assert.deepEqual([unmeasured.problem, unmeasured.batches, unmeasured.threads], ['Sizes are said of the input "y". There are: x.', [], []]); // oxfmt-ignore
    putModel(root, "pictures/1", identityModel("float", ["batch", 3, "height", "width"]));
    const other = await doctor("pictures", "--shape", "x:1,32,32");
    assert.equal(other.code, 2);
    const said = "Its shape is [-1, 3, -1, -1], and sizes are said of what comes after the first.";
    assert.ok(other.err.includes(`--shape does not fit. The input "x" has no place for the sizes 1, 32, 32. ${said}`), other.err);
    const flat = await examineOnnxFile(join(root, "pictures"), { shapes: { x: [3, 32] } });
    assert.deepEqual([flat.problem, flat.batches], [`The input "x" has no place for the sizes 3, 32. ${said}`, []]);
    assert.ok((await examineOnnxFile(join(root, "pictures"), { shapes: { x: [3, 8, 8] } })).batches.length > 1);
    const versioned = await doctor("./free", "--version", "9");
    assert.equal(versioned.code, 2);
    assert.match(versioned.err, /--version goes with a model's name; a path names a version's folder or file itself\n/);
  });

  it("says of a large model whose numbers have 32 bits what quantization would save", async () => {
    putModel(root, "large/1", perceptron([784, 6500, 10]));
    const { advice } = await examineOnnxFile(join(root, "large"));
    assert.match(
      advice.reasons.join("\n"),
      /^Its 5\.2 million numbers have 32 bits each\. Quantized to 8 bits, by onnxruntime\.quantization\.quantize_dynamic in Python, /m,
    );
    assert.doesNotMatch((await examineOnnxFile(join(root, "digits"))).advice.reasons.join(), /Quantized/);
  });

  it("says in plain words why a model does not load", async () => {
    assert.match(await problemOf(oneOperator("Frobnicate")), /operator Frobnicate is not one of opset 17/);
    assert.match(await problemOf(oneOperator("Frob", "com.acme")), /operators of "com\.acme", which onnxruntime does not have/);
    assert.match(await problemOf(oneOperator("Erf", "", "double")), /cannot compute Erf for the types/);
    const newer = Buffer.from(timesModel(2));
    newer[1] = 99;
    assert.match(await problemOf(newer), /IR version 99, and this onnxruntime reads up to \d+/);
    const later = Buffer.from(timesModel(2));
    later[later.lastIndexOf(Buffer.from([0x10, 17])) + 1] = 99;
    assert.match(
      await problemOf(later),
      /opset 99 of ai\.onnx, and this onnxruntime knows up to \d+\. Export with opset_version=/,
    );
    assert.equal(await problemOf(Buffer.from("x\n")), "The file is not an ONNX model.");
    assert.match(await problemOf(timesModel(2).subarray(0, 40)), /cut off|not an ONNX model/);
    assert.match(await problemOf(externalModel("weights.bin")), /weights\.bin.*is not there/);
  });

  it("answers with exit code 1 where the model does not load, and says what to name where there is none", async () => {
    const { code, out } = await doctor("broken");
    assert.equal(code, 1);
    assert.match(out, /It does not load\.\nThe file is (?:cut off|not an ONNX model)/);
    assert.match((await doctor("./nothing")).err, /nothing is not there\.\n {2}hint {2}Name a model, an ONNX or GGUF file/);
    assert.match((await doctor("./")).err, /hint {2}It is a folder of models\. Name one of them: \S+\./);
    assert.match((await doctor("digit", "--dir", root)).err, /There is no model "digit"[\s\S]*Did you mean "digits"/);
  });

  it("finds a project's model though a folder without a model has its name", async () => {
    const folder = join(root, "project");
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    mkdirSync(join(folder, "digits"));
    symlinkSync(resolve(import.meta.dirname, "../../.."), join(folder, "node_modules/cortado"));
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
    writeFileSync(
      join(folder, "cortado.config.ts"),
      `import { defineApp, defineProject } from "cortado";
import { handler } from "cortado/serving";
const digits = handler({ name: "digits", source: ${JSON.stringify(`file:${join(root, "digits")}`)} });
export default defineProject({ secretKey: "for tests", database: "sqlite::memory:", apps: [defineApp({ name: "shop", handlers: [digits] })] });`,
    );
    const { code, out, err } = await runCli(["models", "doctor", "digits"], folder);
    assert.equal(code, 0, err);
    assert.match(out, /^digits version 1, run by onnxruntime/);
    mkdirSync(join(root, "hollow"));
    assert.match((await doctor("hollow")).err, /hollow has no model\.onnx, and no version with one/);
  });

  it(
    "measures a Python model with the items of its handler, and says what it does not examine",
    { skip: pythonMissing },
    async () => {
      const scale = handler({
        name: "scale",
        runtime: python({ module: "scale.py" }),
        warmUp: [{ x: 3 }],
      });
      writeFileSync(join(root, "scale.py"), 'def inference(items):\n    return [{"y": item["x"] * 2} for item in items]\n');
      const models = new ModelServer({ handlers: [scale], root, loading: "lazy" });
      await models.start();
      try {
        const report = await examineModel(models, "scale");
        assert.deepEqual([report.kind, report.version, report.problem], ["python", "1", undefined]);
        assert.deepEqual(
          report.batches.map(({ rows }) => rows),
          [1, 2, 4, 8, 16, 32],
        );
        assert.ok(report.load! > 0 && report.memory! > 2 ** 20);
        const lines = reportLines(report).join("\n");
        assert.match(lines, /^scale version 1, run by python\nloaded in [\d.]+ m?s, [\d.]+ MB of memory for each copy$/m);
        assert.match(lines, /^What the Python code does is not examined: /m);
        writeFileSync(join(root, "scale.py"), "def inference(items):\n    return nothing\n");
        await models.unload("scale");
        await models.load("scale").catch(() => {});
        const broken = reportLines(await examineModel(models, "scale")).join("\n");
        assert.match(broken, /^It does not load\.\n.*nothing/m);
      } finally {
        await models.close();
      }
    },
  );

  it("says of functions without an item to ask that no run was measured, and what it does not examine", async () => {
    const silent = handler({ name: "silent", inference: (items: object[]) => items });
    const models = new ModelServer({ handlers: [silent], root, loading: "lazy" });
    await models.start();
    try {
      // The command line names no version where it is not asked for one.
      const report = await examineModel(models, "silent", { version: undefined });
      assert.deepEqual([report.kind, report.batches.length, report.problem], ["functions", 0, undefined]);
      const lines = reportLines(report).join("\n");
      assert.match(lines, /^No run was measured: an item in the handler's warmUp says what to ask\.$/m);
      assert.match(lines, /^What the handler's functions do is not examined, nor their memory/m);
    } finally {
      await models.close();
    }
  });

  it("tries a handler with its warm-up, and leaves alone what hangs", async () => {
    putModel(root, "loop/1", loopModel());
    const forever = handler({
      name: "forever",
      source: "file:loop",
      warmUp: [{ count: 2 ** 40 }],
    });
    const greeting = handler({
      name: "greeting",
      inference: (items: { name: string }[]) => items.map(({ name }) => name),
      warmUp: [{ name: "Ada" }],
    });
    const models = new ModelServer({
      handlers: [greeting, forever],
      root,
      loading: "lazy",
      hosts: { quarantine: { seconds: 3 } },
    });
    await models.start();
    try {
      const report = await examineModel(models, "greeting");
      assert.equal(report.kind, "functions");
      assert.equal(report.batches.at(-1)!.rows, 32);
      assert.match(report.unexamined!, /What the handler's functions do is not examined/);
      const hung = await examineModel(models, "forever");
      assert.match(hung.problem!, /took longer than 3 s/);
    } finally {
      await models.close();
    }
  });
});
