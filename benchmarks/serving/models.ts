import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Handler, handler, tensor } from "cortado/serving";
import { z } from "zod";
import { chainModel, perceptron } from "../../tests/serving/models.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Writes the suite's models below a folder of its own: `<name>/1/model.onnx`. */
export function modelsFolder(): string {
  const root = temporaryFolder();
  const models = {
    digits: perceptron(),
    chain: chainModel(chainSteps, chainSize, lasting),
    "long-chain": chainModel(longChainSteps, longChainSize, lasting),
  };
  for (const [name, model] of Object.entries(models)) {
    mkdirSync(join(root, name, "1"), { recursive: true });
    writeFileSync(join(root, name, "1", "model.onnx"), model);
  }
  return root;
}

/** What keeps values their size through a chain: some processors take many times as long for numbers next to zero. */
const lasting = Math.sqrt(12);

/** A chain of 2 GFLOP: 5 ms or more on one core. */
export const chainSize = 256;
const chainSteps = 64;

/** A chain of 54 GFLOP: 190 ms or more on one core. */
export const longChainSize = 512;
const longChainSteps = 200;

/** A perceptron of 784-128-64-10 with the schema of its signature. */
export function digits(root: string) {
  return handler({ name: "digits", source: `file:${join(root, "digits")}`, access: "public" });
}

const input = z.object({ image: z.array(z.number()).length(784) });
const output = z.object({ scores: z.array(z.number()).length(10) });

/** The same with schemas and code of its own, which take and give the same. */
export function codedDigits(root: string) {
  return handler({
    name: "digits",
    source: `file:${join(root, "digits")}`,
    access: "public",
    input,
    output,
    preprocess: ({ image }) => ({ image: tensor("float32", image, [784]) }),
    postprocess: ({ scores }) => ({ scores: Array.from(scores!.data as Float32Array) }),
  });
}

/** The same name and schemas without a model, and an answer as long: what all the rest costs. */
export function identity() {
  return handler({
    name: "digits",
    access: "public",
    input,
    output,
    inference: (items: { image: number[] }[]) => items.map(({ image }) => ({ scores: image.slice(1, 11).map(Math.fround) })),
  });
}

/** A chain of multiplications that is given and gives a tensor of 256 KB. */
export function chain(root: string, instances = 1): Handler<Float32Array, Float32Array> {
  return chainOf("chain", { root, side: chainSize, instances });
}

/** The same for as long as a large model takes, with 1 MB. */
export function longChain(root: string): Handler<Float32Array, Float32Array> {
  return chainOf("long-chain", { root, side: longChainSize, instances: 1 });
}

function chainOf(name: string, { root, side, instances }: { root: string; side: number; instances: number }) {
  return handler<Float32Array, Float32Array, Float32Array>({
    name,
    source: `file:${join(root, name)}`,
    instances,
    preprocess: (x: Float32Array) => ({ x: tensor("float32", x, [side, side]) }),
    postprocess: ({ y }) => y!.data as Float32Array,
  });
}

/** The perceptron without schemas: pixels in, scores out. */
export function digitTensors(root: string): Handler<Float32Array, Float32Array> {
  return handler<Float32Array, Float32Array, Float32Array>({
    name: "digits",
    source: `file:${join(root, "digits")}`,
    queue: { maxSize: 1024 },
    preprocess: (pixels: Float32Array) => ({ image: tensor("float32", pixels, [784]) }),
    postprocess: ({ scores }) => scores!.data as Float32Array,
  });
}

/** The pixels that every server is sent. */
export const image = Array.from({ length: 784 }, (_, i) => ((i * 37) % 256) / 255).map((value) => Number(value.toFixed(4)));

/** What the clients send. */
export const predictBody = JSON.stringify({ input: { image } });
