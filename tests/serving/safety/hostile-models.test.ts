import assert from "node:assert/strict";
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ModelServer } from "cortado/serving";
import { externalModel, perceptron, putModel, temporaryFolder, timesModel } from "../models.ts";
import { onnxModel } from "../onnx-writer.ts";
import { Chance, inside } from "./random.ts";

const root = temporaryFolder();
const outside = join(temporaryFolder(), "secret.bin");
writeFileSync(outside, new Uint8Array(Float32Array.of(100, 200).buffer));

/** A field of protobuf that holds bytes. */
function field(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(value.byteLength), value]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** The model with its graph's key written in five bytes, of which some readers take 32 bits, and others all. */
function withLongKey(model: Uint8Array): Buffer {
  const bytes = Buffer.from(model);
  // The first field is the format's version, in two bytes; the graph follows.
  assert.equal(bytes[2], (7 << 3) | 2);
  return Buffer.concat([bytes.subarray(0, 2), Buffer.from([bytes[2]! | 128, 128, 128, 128, 16]), bytes.subarray(3)]);
}

/** Graphs in nodes in graphs, as deep as this. */
function nested(depth: number): Buffer {
  let graph: Buffer = Buffer.alloc(0);
  for (let i = 0; i < depth; i++) graph = field(1, field(5, field(6, graph)));
  return field(7, graph);
}

function big(shape: readonly number[]): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "ConstantOfShape", inputs: ["shape"], outputs: ["zeros"] },
      { op: "ReduceSum", inputs: ["zeros"], outputs: ["sum"] },
      { op: "Add", inputs: ["x", "sum"], outputs: ["y"] },
    ],
    inputs: [{ name: "x", type: "float", shape: ["batch"] }],
    outputs: [{ name: "y", type: "float", shape: ["batch"] }],
    weights: [{ name: "shape", shape: [shape.length], data: BigInt64Array.from(shape, BigInt) }],
  });
}

/** A constant that says it is larger than what it holds. */
const hollow = onnxModel({
  nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
  inputs: [{ name: "x", type: "float", shape: ["batch"] }],
  outputs: [{ name: "y", type: "float", shape: ["batch"] }],
  weights: [{ name: "w", shape: [2 ** 31, 2 ** 31], data: Float32Array.of(1) }],
});

const linked = (file: string, model: Uint8Array, link: (from: string, to: string) => void) => () => {
  link(outside, join(putModel(root, file, model), "w.bin"));
};
const put = (name: string, model: Uint8Array) => () => void putModel(root, name, model);
/** What is put in place, and what is said of it. */
const hostile: Record<string, [place: () => void, said: RegExp]> = {
  empty: [put("empty/1", Buffer.alloc(0)), /is empty/],
  ones: [put("ones/1", Buffer.alloc(4096, 255)), /not (an|a complete) ONNX model/],
  zeros: [put("zeros/1", Buffer.alloc(4096)), /not an ONNX model/],
  deep: [put("deep/1", nested(20_000)), /nested more deeply/],
  hollow: [put("hollow/1", hollow), /./],
  climbs: [put("climbs/1", externalModel("../../outside.bin")), /not a plain file name/],
  absolute: [put("absolute/1", externalModel("/etc/hostname")), /not a plain file name/],
  dots: [put("dots/1", externalModel("..")), /not a plain file name/],
  soft: [linked("soft/1", externalModel("w.bin"), (from, to) => symlinkSync(from, to)), /not an ordinary file/],
  hard: [linked("hard/1", externalModel("w.bin"), linkSync), /hard link/],
  disguised: [linked("disguised/1", withLongKey(externalModel("w.bin")), linkSync), /not an ONNX model/],
  pickle: [put("pickle/1", Buffer.from("\u0080\u0004cposix\nsystem\n(S'true'\ntR.", "latin1")), /./],
  zip: [put("zip/1", Buffer.from("PK\u0003\u0004archive.data.pkl")), /./],
};
const manifests: Record<string, string> = {
  none: "null",
  text: '"x"',
  list: "[]",
  deep: "[".repeat(50_000),
  noFiles: '{"format": 1}',
  nullFiles: '{"format": 1, "files": null}',
  listFiles: '{"format": 1, "files": []}',
  nullFile: '{"format": 1, "files": {"model.onnx": null}}',
  shortDigest: '{"format": 1, "files": {"model.onnx": {"sha256": "../../x", "size": 1}}}',
  climbing: `{"format": 1, "files": {"../../x": {"sha256": "${"0".repeat(64)}", "size": 1}}}`,
  proto: `{"format": 1, "files": {"__proto__": {"sha256": "${"0".repeat(64)}", "size": 1}}}`,
  wrong: `{"format": 1, "files": {"model.onnx": {"sha256": "${"0".repeat(64)}", "size": 1}}}`,
};

describe("a folder of hostile models", () => {
  const warned: string[] = [];
  let server: ModelServer;
  before(async () => {
    for (const [place] of Object.values(hostile)) place();
    for (const [name, manifest] of Object.entries(manifests))
      writeFileSync(join(putModel(root, `manifest-${name}/1`, timesModel(2)), "manifest.json"), manifest);
    const chance = new Chance(5);
    for (let i = 0; i < 16; i++) {
      const model = i % 2 === 0 ? timesModel(2) : perceptron([4, 3, 2]);
      putModel(root, `mutated-${i}/1`, i < 12 ? chance.mutated(model) : model.slice(0, chance.below(model.length)));
    }
    mkdirSync(join(root, "..hidden/1"), { recursive: true });
    putModel(root, "-dash/1", timesModel(2));
    symlinkSync(join(outside, ".."), join(root, "elsewhere"));
    putModel(root, "good/1", timesModel(2));
    // Neither the memory of a trial nor its time is the machine's.
    const hosts = { memory: 500 * 2 ** 20, quarantine: { seconds: 30 } };
    server = new ModelServer({
      directories: [root],
      hosts,

      log: { info() {}, warn: (line) => void warned.push(line) },
    });
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  const problemOf = async (name: string): Promise<string> => {
    await assert.rejects(server.signature(name), name);
    return server.describeVersion(name, "1").error ?? "";
  };

  for (const [name, [, said]] of Object.entries(hostile))
    it(`refuses one that is ${name}, and says why without a path`, async () => {
      const problem = await problemOf(name);
      assert.match(problem, said);
      assert.doesNotMatch(problem, inside);
      assert.ok(!problem.includes(root), problem);
    });

  for (const name of Object.keys(manifests))
    it(`refuses a manifest that is ${name}`, async () => {
      const problem = await problemOf(`manifest-${name}`);
      assert.match(problem, /^manifest\.json (is not|lists|has another)/);
    });

  it("loads what was changed by chance or refuses it, and other models answer meanwhile", async () => {
    for (let i = 0; i < 16; i++) {
      const loaded = await server.signature(`mutated-${i}`).then(
        () => true,
        () => false,
      );
      const { error = "" } = server.describeVersion(`mutated-${i}`, "1");
      assert.ok(loaded || error !== "", String(i));
      assert.doesNotMatch(error, inside);
      assert.deepEqual((await server.predict("good", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    }
  });

  it("serves no folder whose name or place is elsewhere", () => {
    const names = server.list().map(({ name }) => name);
    for (const name of ["..hidden", "-dash", "elsewhere"]) assert.ok(!names.includes(name), name);
  });

  it("lets models that want more memory than there is have none of it", async () => {
    putModel(root, "greedy/1", big([200_000_000]));
    putModel(root, "wrapped/1", big([2 ** 32, 2 ** 32]));
    await server.refresh();
    await server.refresh();
    for (const name of ["greedy", "wrapped"]) {
      await assert.rejects(server.predict(name, [{ x: 1 }]), (error: Error & { code: string }) => {
        assert.match(
          error.code,
          /^SERVING_(?:OVER_MEMORY|MODEL_REFUSED|VERSION_FAILED|NOT_READY|HOST_LOST|MODEL_BROKEN)$/,
          error.message,
        );
        assert.doesNotMatch(error.message, inside);
        return true;
      });
      assert.deepEqual((await server.predict("good", [{ x: [1, 2] }])).outputs, [{ y: [2, 4] }]);
    }
  });
});
