import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ElementType, graphMessage, onnxModel, type Size, type Weights } from "./onnx-writer.ts";

export { temporaryFolder } from "../temporary-folder.ts";

/** Puts a model at `<root>/<name>/<version>/model.onnx`, and returns the version's folder. */
export function putModel(root: string, place: string, model: Uint8Array): string {
  const folder = join(root, place);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.onnx"), model);
  return folder;
}

/** `y = x * factor`, a row of `width` numbers. */
export function timesModel(factor: number, width = 2, rows: Size = "batch"): Uint8Array {
  return onnxModel({
    nodes: [{ op: "Mul", inputs: ["x", "factor"], outputs: ["y"] }],
    inputs: [{ name: "x", type: "float", shape: [rows, width] }],
    outputs: [{ name: "y", type: "float", shape: [rows, width] }],
    weights: [{ name: "factor", shape: [1], data: Float32Array.of(factor) }],
  });
}

/** Gives back what it gets, under the given names. */
export function identityModel(
  type: ElementType,
  shape: readonly Size[],
  names: { input?: string; output?: string } = {},
): Uint8Array {
  const { input = "x", output = "y" } = names;
  return onnxModel({
    nodes: [{ op: "Identity", inputs: [input], outputs: [output] }],
    inputs: [{ name: input, type, shape }],
    outputs: [{ name: output, type, shape }],
  });
}

function randomWeights(name: string, shape: readonly number[], scale = 1): Weights {
  let seed = 42;
  const next = () => (scale * ((seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31 - 0.5)) / Math.sqrt(shape[0]!);
  return { name, shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next) };
}

/** A perceptron with rectifiers: `image [batch, 784]` to `scores [batch, 10]`. */
export function perceptron(sizes: readonly number[] = [784, 128, 64, 10]): Uint8Array {
  const layers = sizes.slice(1).map((size, i) => ({ from: sizes[i]!, to: size, last: i === sizes.length - 2 }));
  return onnxModel({
    nodes: layers.flatMap(({ last }, i) => {
      const input = i === 0 ? "image" : `layer${i}`;
      const product = last ? "scores" : `product${i}`;
      const nodes = [{ op: "Gemm", inputs: [input, `w${i}`, `b${i}`], outputs: [product] }];
      return last ? nodes : [...nodes, { op: "Relu", inputs: [product], outputs: [`layer${i + 1}`] }];
    }),
    inputs: [{ name: "image", type: "float", shape: ["batch", sizes[0]!] }],
    outputs: [{ name: "scores", type: "float", shape: ["batch", sizes.at(-1)!] }],
    weights: layers.flatMap(({ from, to }, i) => [randomWeights(`w${i}`, [from, to]), randomWeights(`b${i}`, [to])]),
  });
}

/** A chain of multiplications of square matrices, which takes a time in proportion to `steps`; values keep their size where `scale` is √12. */
export function chainModel(steps: number, size = 512, scale = 1): Uint8Array {
  return onnxModel({
    nodes: Array.from({ length: steps }, (_, i) => ({
      op: "MatMul",
      inputs: [i === 0 ? "x" : `x${i}`, "w"],
      outputs: [i === steps - 1 ? "y" : `x${i + 1}`],
    })),
    inputs: [{ name: "x", type: "float", shape: [size, size] }],
    outputs: [{ name: "y", type: "float", shape: [size, size] }],
    weights: [randomWeights("w", [size, size], scale)],
  });
}

/** Counts up to `count`, one turn of a loop each: it runs as long as the caller wants, forever for large numbers. */
export function loopModel(): Uint8Array {
  const body = graphMessage({
    nodes: [
      { op: "Identity", inputs: ["go_in"], outputs: ["go_out"] },
      { op: "Add", inputs: ["sum_in", "one"], outputs: ["sum_out"] },
    ],
    inputs: [
      { name: "turn", type: "int64", shape: [] },
      { name: "go_in", type: "bool", shape: [] },
      { name: "sum_in", type: "int64", shape: [1] },
    ],
    outputs: [
      { name: "go_out", type: "bool", shape: [] },
      { name: "sum_out", type: "int64", shape: [1] },
    ],
    weights: [{ name: "one", shape: [1], data: BigInt64Array.of(1n) }],
  });
  return onnxModel({
    nodes: [{ op: "Loop", inputs: ["count", "", "zero"], outputs: ["y"], attributes: { body } }],
    inputs: [{ name: "count", type: "int64", shape: [] }],
    outputs: [{ name: "y", type: "int64", shape: [1] }],
    weights: [{ name: "zero", shape: [1], data: BigInt64Array.of(0n) }],
  });
}

/** `y = table[x]`: refuses indexes beyond its four entries, which no type or shape forbids. */
export function gatherModel(): Uint8Array {
  return onnxModel({
    nodes: [{ op: "Gather", inputs: ["table", "x"], outputs: ["y"] }],
    inputs: [{ name: "x", type: "int64", shape: ["batch"] }],
    outputs: [{ name: "y", type: "float", shape: ["batch"] }],
    weights: [{ name: "table", shape: [4], data: Float32Array.of(10, 11, 12, 13) }],
  });
}

/** `y = x + weights`, the weights in another file. */
export function externalModel(location: string): Uint8Array {
  return onnxModel({
    nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
    inputs: [{ name: "x", type: "float", shape: ["batch", 2] }],
    outputs: [{ name: "y", type: "float", shape: ["batch", 2] }],
    weights: [{ name: "w", shape: [2], data: Float32Array.of(1, 2), location }],
  });
}

/** Sums `size` ones, which it puts into memory first: four bytes each. */
export function memoryModel(): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "ConstantOfShape", inputs: ["size"], outputs: ["zeros"] },
      { op: "Exp", inputs: ["zeros"], outputs: ["ones"] },
      { op: "ReduceSum", inputs: ["ones"], outputs: ["sum"], attributes: { keepdims: 0 } },
    ],
    inputs: [{ name: "size", type: "int64", shape: [1] }],
    outputs: [{ name: "sum", type: "float", shape: [] }],
  });
}

/** A classifier as scikit-learn's exporters write it: labels, and a list of maps from each label to its score. */
export function zipMapModel(labels: readonly bigint[] | readonly string[]): Uint8Array {
  const isText = typeof labels[0] === "string";
  const attribute = isText ? "classlabels_strings" : "classlabels_int64s";
  return onnxModel({
    nodes: [
      { op: "Softmax", inputs: ["x"], outputs: ["probabilities"] },
      { op: "ArgMax", inputs: ["x"], outputs: ["label"], attributes: { axis: 1, keepdims: 0 } },
      { op: "ZipMap", inputs: ["probabilities"], outputs: ["scores"], attributes: { [attribute]: labels }, domain: "ai.onnx.ml" },
    ],
    inputs: [{ name: "x", type: "float", shape: ["batch", labels.length] }],
    outputs: [
      { name: "label", type: "int64", shape: ["batch"] },
      { name: "scores", type: "float", shape: [], mapFrom: isText ? "string" : "int64" },
    ],
  });
}
