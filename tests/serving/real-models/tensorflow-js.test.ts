// Models of TensorFlow.js: graphs and layers, of numbers and of texts.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { examinePlace, handler, ModelServer, type Tensor, tensor, tensorFlowJs } from "cortado/serving";
import { runCli } from "../../cli/run-cli.ts";
import { refusal } from "../refused.ts";
import { photograph, type Picture } from "./pictures.ts";
import { packageFile, putFile, realPackages, skipped } from "./real-packages.ts";

const numbers = ({ points }: Picture, scale = (value: number) => value) => Float32Array.from(points, scale);

const notes = handler({
  name: "notes",
  source: "file:notes",
  preprocess: (sound: Float32Array) => ({ input_2: tensor("float32", sound, [sound.length, 1]) }),
  postprocess: ({ Identity_1: chances }) => loudestNotes(chances!),
});
const code = handler({
  name: "code",
  source: "file:code",
  runtime: tensorFlowJs({ backend: "cpu" }),
  preprocess: (text: string) => ({ inputs: tensor("string", [text], []) }),
  postprocess: ({ scores, classes }) => {
    const values = scores!.numbers();
    return (classes!.data as string[])[values.indexOf(Math.max(...values))]!;
  },
});
const faces = handler({
  name: "faces",
  source: "file:faces",
  preprocess: (picture: Picture) => ({
    input: tensor(
      "float32",
      numbers(picture, (value) => value / 127.5 - 1),
      [1, 256, 256, 3],
    ),
  }),
  postprocess: ({ Identity: small, Identity_1: large }) =>
    Math.max(...[...small!.numbers(), ...large!.numbers()].map((score) => 1 / (1 + Math.exp(-score)))),
});
const larger = handler({
  name: "larger",
  source: "file:larger",
  preprocess: (picture: Picture) => ({
    LR: tensor(
      "float32",
      numbers(picture, (value) => value / 255),
      [picture.height, picture.width, 3],
    ),
  }),
});

/** The two notes that are heard most, by their numbers in MIDI. */
function loudestNotes({ shape, data }: Tensor): number[] {
  const [times, keys] = [shape[0]!, shape[1]!];
  const heard = Array.from({ length: keys }, (_, key) => {
    let sum = 0;
    for (let at = 0; at < times; at++) sum += data[at * keys + key] as number;
    return { key, sum };
  });
  return heard.toSorted((a, b) => b.sum - a.sum).slice(0, 2).map(({ key }) => key + 21).toSorted(); // oxfmt-ignore
}

const places = {
  notes: ["@spotify/basic-pitch/model/model.json", "@spotify/basic-pitch/model/group1-shard1of1.bin"],
  code: ["@vscode/vscode-languagedetection/model/model.json", "@vscode/vscode-languagedetection/model/group1-shard1of1.bin"],
  faces: ["@vladmandic/human/models/blazeface.json", "@vladmandic/human/models/blazeface.bin"],
  objects: ["@vladmandic/human/models/centernet.json", "@vladmandic/human/models/centernet.bin"],
  bodies: ["@vladmandic/human/models/movenet-lightning.json", "@vladmandic/human/models/movenet-lightning.bin"],
  feelings: ["@vladmandic/human/models/emotion.json", "@vladmandic/human/models/emotion.bin"],
  larger: ["@upscalerjs/esrgan-slim/models/x2/model.json", "@upscalerjs/esrgan-slim/models/x2/group1-shard1of1.bin"],
};

describe("TensorFlow.js", { skip: skipped }, () => {
  // Beside the packages, where a project's own would be found.
  const root = mkdtempSync(join(realPackages ?? import.meta.dirname, "models-"));
  const server = new ModelServer({ handlers: [notes, code, faces, larger], directories: ["."], root });
  before(async () => {
    for (const [name, [model, weights]] of Object.entries(places)) {
      putFile(root, `${name}/1/model.json`, model!);
      putFile(root, `${name}/1/${weights!.split("/").at(-1)}`, weights!);
    }
    await server.start();
    await server.settled();
  });
  after(async () => {
    await server.close();
    rmSync(root, { recursive: true });
  });

  it("hears the notes of a chord", async () => {
    const wave = (at: number, pitch: number) => Math.sin((at * 2 * Math.PI * pitch) / 22_050);
    const chord = Float32Array.from({ length: 43_844 }, (_, at) => 0.3 * (wave(at, 440) + wave(at, 554.365)));
    assert.deepEqual(await notes.predict(chord), [69, 73]);
  });

  it("knows in which language a program is written, by a model that takes texts", async () => {
    const python =
      "import os\n\ndef size(path: str) -> int:\n    return os.stat(path).st_size\n\nif __name__ == '__main__':\n    print(size('a'))\n";
    const sql =
      "SELECT name, count(*) FROM drinks JOIN orders ON orders.drink = drinks.id WHERE price > 3 GROUP BY name ORDER BY 2;\n";
    const typescript = readFileSync(import.meta.filename, "utf8");
    assert.deepEqual(await code.predictMany([python, sql, typescript]), ["py", "sql", "ts"]);
  });

  it("computes a model of texts in plain JavaScript by itself, and refuses to do it by WebAssembly", async () => {
    const wasm = handler({ name: "wasm", source: "file:code", runtime: tensorFlowJs({ backend: "wasm" }) });
    mkdirSync(join(root, "texts/lower/1"), { recursive: true });
    const dim = [{ size: "-1" }];
    const [dtype, tensorShape] = ["DT_STRING", { dim }];
    const node = [
      { name: "x", op: "Placeholder", attr: { dtype: { type: dtype }, shape: { shape: { dim } } } },
      { name: "y", op: "StringLower", input: ["x"], attr: { T: { type: dtype } } },
    ];
    const signature = { inputs: { x: { name: "x:0", dtype, tensorShape } }, outputs: { y: { name: "y:0", dtype, tensorShape } } };
    const lower = { format: "graph-model", modelTopology: { node, versions: {} }, signature, weightsManifest: [] };
    writeFileSync(join(root, "texts/lower/1/model.json"), JSON.stringify(lower));
    for (const file of places.code) putFile(root, `texts/plain/1/${file.split("/").at(-1)}`, file);
    const own = new ModelServer({ handlers: [wasm], directories: ["texts"], root, log: { info() {}, warn() {} } });
    try {
      await own.start();
      await own.settled();
      const { scores } = (await own.infer("plain", { inputs: tensor("string", ["SELECT 1 FROM drinks;\n"], [1]) })).outputs[0]!;
      assert.deepEqual(scores!.shape, [1, 54]);
      await assert.rejects(own.infer("wasm", { inputs: tensor("string", ["a"], [1]) }), refusal({
        code: "SERVING_NOT_READY",
        message: /model\.json takes or gives texts, which the backend "wasm" does not compute with\. Leave the backend out/,
      })); // prettier-ignore
      await assert.rejects(own.infer("lower", { x: tensor("string", ["A"], [1]) }), refusal({
        code: "SERVING_MODEL_REFUSED",
        message: /It has the operation StringLower, which TensorFlow\.js does not know\.$/,
      })); // prettier-ignore
    } finally {
      await own.close();
    }
  });

  it("sees faces in photographs, and none on an empty page", async () => {
    const size = { width: 256, height: 256 };
    const photos = ["sample1.jpg", "sample2.jpg"].map((name) =>
      photograph(packageFile(`@vladmandic/face-api/demo/${name}`), size),
    );
    for (const photo of photos) assert.ok((await faces.predict(await photo)) > 0.8);
    assert.ok((await faces.predict({ ...size, points: new Uint8ClampedArray(256 * 256 * 3).fill(255) })) < 0.5);
  });

  it("runs a version with model.json without a handler, and finds people in a photograph", async () => {
    const photo = await photograph(packageFile("@vladmandic/face-api/demo/sample1.jpg"), { width: 512, height: 512 });
    const inputs = { "tower_0/images": tensor("float32", numbers(photo), [1, 512, 512, 3]) };
    const { "tower_0/detections": found } = (await server.infer("objects", inputs)).outputs[0]!;
    const rows = Array.from({ length: 100 }, (_, i) => (found!.data as Float32Array).slice(i * 6, i * 6 + 6));
    const people = rows.filter((row) => row[4]! > 0.4 && row[5] === 0);
    assert.ok(people.length > 0, JSON.stringify(rows.slice(0, 3).map((row) => [...row])));
  });

  it("is examined by the doctor: what it takes, loading, memory and batches, and what is not examined", async () => {
    const report = await examinePlace(join(root, "notes"));
    assert.deepEqual([report.kind, report.problem], ["tensorflow-js", undefined]);
    assert.deepEqual(
      report.signature!.inputs.map(({ name }) => name),
      ["input_2"],
    );
    assert.ok(report.load! > 0 && report.memory! > 0);
    assert.ok(report.batches.length > 0 && report.batches.every(({ milliseconds }) => milliseconds > 0));
    const { code: exit, out } = await runCli(["models", "doctor", join(root, "notes/1")], root);
    assert.equal(exit, 0);
    assert.match(out, /run by tensorflow-js\n[\s\S]*takes +input_2[\s\S]*^rows +a run/m);
    assert.match(out, /Operators, learned numbers and threads are examined in ONNX files alone\./);
    assert.match(
      (await runCli(["models", "doctor", join(root, "nothing")], root)).err,
      /Name a model, an ONNX or GGUF file, or a folder/,
    );
  });

  it("finds the points of a body in photographs, and none on an empty page", async () => {
    const size = { width: 192, height: 192 };
    const surest = async (points: ArrayLike<number>) => {
      const inputs = { input: tensor("int32", Int32Array.from(points), [1, 192, 192, 3]) };
      const { Identity } = (await server.infer("bodies", inputs)).outputs[0]!;
      assert.deepEqual(Identity!.shape, [1, 1, 17, 3]);
      return Math.max(...Identity!.numbers().filter((_, i) => i % 3 === 2));
    };
    for (const name of ["sample1.jpg", "sample2.jpg"])
      assert.ok((await surest((await photograph(packageFile(`@vladmandic/face-api/demo/${name}`), size)).points)) > 0.4);
    assert.ok((await surest(new Uint8Array(192 * 192 * 3).fill(255))) < 0.15);
  });

  it("shares a feeling out among seven, surer of a photograph than of an empty page", async () => {
    const shares = async (gray: Float32Array) => {
      const { Identity } = (await server.infer("feelings", { input_1: tensor("float32", gray, [1, 64, 64, 1]) })).outputs[0]!;
      const all = Identity!.numbers();
      assert.ok(Math.abs(all.reduce((a, b) => a + b, 0) - 1) < 1e-4);
      return Math.max(...all);
    };
    const { points } = await photograph(packageFile("@vladmandic/face-api/demo/sample1.jpg"), { width: 64, height: 64 });
    const weights = [0.3, 0.59, 0.11];
    const light = (at: number) => weights.reduce((sum, weight, color) => sum + weight * points[at * 3 + color]!, 0);
    assert.ok((await shares(Float32Array.from({ length: 4096 }, (_, at) => (light(at) / 255 - 0.5) * 2))) > 0.7);
    assert.ok((await shares(new Float32Array(4096).fill(1))) < 0.5);
  });

  it("makes a picture twice as large by a layers model, whatever its size", async () => {
    const photo = packageFile("@vladmandic/face-api/demo/sample1.jpg");
    for (const size of [
      { width: 64, height: 48 },
      { width: 32, height: 32 },
    ]) {
      const picture = await photograph(photo, size);
      const { SR } = (await larger.predict(picture)) as unknown as { SR: number[][][] };
      assert.deepEqual([SR.length, SR[0]!.length], [size.height * 2, size.width * 2]);
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      assert.ok(Math.abs(mean(SR.flat(2)) - mean([...picture.points]) / 255) < 0.05);
    }
  });

  it("refuses weights that lie elsewhere, and files that are no model", async () => {
    const folder = join(root, "notes/1");
    const model = JSON.parse(readFileSync(join(folder, "model.json"), "utf8"));
    const cases = {
      elsewhere: [
        { ...model, weightsManifest: [{ paths: ["../../notes/1/group1-shard1of1.bin"], weights: [] }] },
        "is not a plain file name",
      ],
      absent: [model, "is not there"],
      nothing: [{ a: 1 }, "is not a TensorFlow.js model"],
      vague: [{ ...model, weightsManifest: [{ paths: 1 }] }, "does not say where its weights are"],
    } as const;
    const bad = new ModelServer({ directories: ["bad"], root, mode: "explicit" });
    for (const [name, [content]] of Object.entries(cases)) {
      mkdirSync(join(root, "bad", name, "1"), { recursive: true });
      writeFileSync(join(root, "bad", name, "1/model.json"), JSON.stringify(content));
    }
    try {
      await bad.start();
      for (const [name, [, problem]] of Object.entries(cases))
        await assert.rejects(bad.load(name), refusal({ code: "SERVING_VERSION_FAILED", message: new RegExp(problem) }));
    } finally {
      await bad.close();
    }
  });
});

describe("the settings of TensorFlow.js", () => {
  it("are refused where they are none", () => {
    assert.throws(
      () => tensorFlowJs({ backend: "wams" as "wasm" }),
      refusal({ code: "SERVING_BAD_RUNTIME", message: /"wams"\. There are: wasm, cpu/, hint: /wasm/ }),
    );
    assert.throws(() => tensorFlowJs({ memory: 0 }), refusal({ code: "SERVING_BAD_RUNTIME", message: /memory/ }));
  });
});

describe(
  "a project without the packages of TensorFlow.js",
  { skip: skipped || existsSync("node_modules/@tensorflow/tfjs") },
  () => {
    it("is told how they are installed", async () => {
      const root = mkdtempSync(join(import.meta.dirname, "models-"));
      putFile(root, "notes/1/model.json", places.notes[0]!);
      const server = new ModelServer({ directories: ["."], root, mode: "explicit" });
      try {
        await server.start();
        await assert.rejects(server.load("notes"), /npm install @tensorflow\/tfjs @tensorflow\/tfjs-backend-wasm/);
      } finally {
        await server.close();
        rmSync(root, { recursive: true });
      }
    });
  },
);
