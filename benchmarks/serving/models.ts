import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Handler, handler, tensor } from "cortado/serving";
import { z } from "zod";
import { chainModel, perceptron } from "../../tests/serving/models.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Writes the suite's models below a folder of its own: `<name>/1/model.onnx`. */
export function modelsFolder(): string {
  const root = temporaryFolder();
  for (const [name, model] of Object.entries({ digits: perceptron(), chain: chainModel(chainSteps, chainSize) })) {
    mkdirSync(join(root, name, "1"), { recursive: true });
    writeFileSync(join(root, name, "1", "model.onnx"), model);
  }
  return root;
}

/** A chain of 2 GFLOP: 5 ms or more on one core. */
export const chainSize = 256;
const chainSteps = 64;

const input = z.object({ pixels: z.array(z.number()).length(784) });
const output = z.object({ digit: z.number(), confidence: z.number() });

/** The likeliest class of ten scores. */
export function best(scores: ArrayLike<number>): { digit: number; confidence: number } {
  let digit = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[digit]!) digit = i;
  return { digit, confidence: scores[digit]! };
}

/** A perceptron of 784-128-64-10. */
export function digits(root: string) {
  return handler({
    name: "digits",
    source: `file:${join(root, "digits")}`,
    access: "public",
    input,
    output,
    preprocess: ({ pixels }) => ({ image: tensor("float32", pixels, [784]) }),
    postprocess: ({ scores }) => best(scores!.data as Float32Array),
  });
}

/** The same name and schemas without a model: what all the rest costs. */
export function identity() {
  return handler({
    name: "digits",
    access: "public",
    input,
    output,
    inference: (items: { pixels: number[] }[]) => items.map(({ pixels }) => ({ digit: 3, confidence: pixels[3]! })),
  });
}

/** A chain of multiplications that is given and gives a tensor of 256 KB. */
export function chain(root: string): Handler<Float32Array, Float32Array> {
  return handler<Float32Array, Float32Array, Float32Array>({
    name: "chain",
    source: `file:${join(root, "chain")}`,
    preprocess: (x: Float32Array) => ({ x: tensor("float32", x, [chainSize, chainSize]) }),
    postprocess: ({ y }) => y!.data as Float32Array,
  });
}

const image = Array.from({ length: 784 }, (_, i) => ((i * 37) % 256) / 255).map((value) => Number(value.toFixed(4)));

/** What the clients send. */
export const predictBody = JSON.stringify({ input: { pixels: image } });
