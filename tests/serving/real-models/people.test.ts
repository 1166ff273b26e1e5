// Two models of TensorFlow.js one after the other: where a face is, and its points. And a layers model that sorts photographs.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { ModelServer, tensor } from "cortado/serving";
import { cut, photograph, type Picture } from "./pictures.ts";
import { packageFile, putFile, realPackage, realPackages, skipped } from "./real-packages.ts";

const EYES = [33, 263];
const NOSE = 1;
const photos = ["sample1.jpg", "sample2.jpg"].map((name) => `@vladmandic/face-api/demo/${name}`);
/** Photographs without people, of Debian's python3-sklearn. */
const views = ["china", "flower"].map((name) => `/usr/lib/python3/dist-packages/sklearn/datasets/images/${name}.jpg`);
const NEUTRAL = 2;

/** The model that sorts photographs lies in its package as two modules: its layers, and its weights as text in base64. */
function putSorter(root: string): void {
  const place = "nsfwjs/dist/models/mobilenet_v2";
  mkdirSync(join(root, "sorter/1"), { recursive: true });
  const model = realPackage<object>(packageFile(`${place}/model.min.js`));
  writeFileSync(join(root, "sorter/1/model.json"), JSON.stringify(model));
  const weights = Buffer.from(realPackage<string>(packageFile(`${place}/group1-shard1of1.min.js`)), "base64");
  writeFileSync(join(root, "sorter/1/group1-shard1of1"), weights);
}

const pixels = ({ width, height, points }: Picture, scale: (value: number) => number) =>
  tensor("float32", Float32Array.from(points, scale), [1, height, width, 3]);

describe("models of people in photographs", { skip: skipped }, () => {
  const root = mkdtempSync(join(realPackages ?? import.meta.dirname, "people-"));
  const server = new ModelServer({ directories: ["."], root });
  before(async () => {
    for (const name of ["blazeface", "facemesh"]) {
      putFile(root, `${name}/1/model.json`, `@vladmandic/human/models/${name}.json`);
      putFile(root, `${name}/1/${name}.bin`, `@vladmandic/human/models/${name}.bin`);
    }
    putSorter(root);
    await server.start();
    await server.settled();
  });
  after(async () => {
    await server.close();
    rmSync(root, { recursive: true });
  });

  /** The surest face of a photograph: its middle and its size, in parts of the photograph's. */
  async function placeOfFace(path: string) {
    const picture = await photograph(path, { width: 256, height: 256 });
    const inputs = { input: pixels(picture, (value) => value / 127.5 - 1) };
    const { Identity, Identity_2 } = (await server.infer("blazeface", inputs)).outputs[0]!;
    const scores = [...Identity!.numbers()];
    const best = scores.indexOf(Math.max(...scores));
    // Two guesses for each of 16 by 16 fields, said from the field's middle.
    const [x, y, width] = Identity_2!.numbers().slice(best * 16, best * 16 + 3) as [number, number, number];
    const field = Math.floor(best / 2);
    return { x: ((field % 16) * 16 + 8 + x) / 256, y: (Math.floor(field / 16) * 16 + 8 + y) / 256, size: width / 256 };
  }

  /** A square of a photograph with the face and some of what is around it. */
  async function faceOf(path: string): Promise<Picture> {
    const { x, y, size } = await placeOfFace(path);
    const side = Math.round(192 / (1.6 * size));
    const whole = await photograph(path, { width: side, height: side });
    const corner = (middle: number) => Math.min(side - 192, Math.max(0, Math.round(middle * side - 96)));
    return cut(whole, { x: corner(x), y: corner(y), width: 192, height: 192 });
  }

  async function mesh(picture: Picture) {
    const answer = await server.infer("facemesh", { input_1: pixels(picture, (value) => value / 255) });
    const { output_mesh: points, output_faceflag: flag } = answer.outputs[0]!;
    assert.deepEqual(points!.shape, [1, 1404]);
    return { flag: flag!.numbers()[0]!, point: (at: number) => points!.numbers().slice(at * 3, at * 3 + 2) };
  }

  it("find the points of a face that another model found", async () => {
    for (const photo of photos) {
      const { flag, point } = await mesh(await faceOf(packageFile(photo)));
      assert.ok(flag > 0.9, `${photo}: ${flag}`);
      const [left, right, nose] = [...EYES, NOSE].map(point) as [number[], number[], number[]];
      assert.ok(left[0]! < nose[0]! && nose[0]! < right[0]!, "the nose is between the eyes");
      assert.ok(nose[1]! > left[1]! && nose[1]! > right[1]!, "the nose is below the eyes");
    }
  });

  it("see no face in a page, nor in a photograph that is mostly something else", async () => {
    const size = { width: 192, height: 192 };
    assert.ok((await mesh({ ...size, points: new Uint8ClampedArray(192 * 192 * 3).fill(255) })).flag < 0.1);
    for (const photo of photos) assert.ok((await mesh(await photograph(packageFile(photo), size))).flag < 0.1, photo);
  });

  const shares = async (path: string) => {
    const inputs = { input_1: pixels(await photograph(path, { width: 224, height: 224 }), (value) => value / 255) };
    const { dense_3: all } = (await server.infer("sorter", inputs)).outputs[0]!;
    assert.deepEqual(all!.shape, [1, 5]);
    assert.ok(Math.abs(all!.numbers().reduce((a, b) => a + b, 0) - 1) < 1e-3);
    return all!.numbers();
  };

  it("sort a photograph of people", async () => {
    const found = await shares(packageFile(photos[0]!));
    assert.equal(Math.max(...found), found[NEUTRAL]);
  });

  const absent = !views.every((path) => existsSync(path)) && "Debian's python3-sklearn is not installed";
  it("find a landscape and a flower as harmless as they are", { skip: absent }, async () => {
    for (const path of views) assert.ok((await shares(path))[NEUTRAL]! > 0.99, path);
  });
});
