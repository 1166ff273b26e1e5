import { onnxModel, type Size } from "../onnx-writer.ts";

/** `y = x / 2 + constant`, as TensorFlow Serving's example models. */
export function halfPlus(constant: number, shape: readonly Size[] = ["batch"]): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "Mul", inputs: ["x", "half"], outputs: ["product"] },
      { op: "Add", inputs: ["product", "constant"], outputs: ["y"] },
    ],
    inputs: [{ name: "x", type: "float", shape }],
    outputs: [{ name: "y", type: "float", shape }],
    weights: [
      { name: "half", shape: [1], data: Float32Array.of(0.5) },
      { name: "constant", shape: [1], data: Float32Array.of(constant) },
    ],
  });
}

/** Two inputs, a sum, and labels with scores: `label int64 [batch]`, `scores [batch, 2]`. */
export function twoInputs(): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "Add", inputs: ["a", "b"], outputs: ["sum"] },
      { op: "Sub", inputs: ["a", "b"], outputs: ["difference"] },
    ],
    inputs: [
      { name: "a", type: "float", shape: ["batch", 2] },
      { name: "b", type: "float", shape: ["batch", 2] },
    ],
    outputs: [
      { name: "sum", type: "float", shape: ["batch", 2] },
      { name: "difference", type: "float", shape: ["batch", 2] },
    ],
  });
}

/** Scores for two classes, and their labels: what it is given. */
export function classifier(): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "Identity", inputs: ["x"], outputs: ["scores"] },
      { op: "Identity", inputs: ["names"], outputs: ["classes"] },
    ],
    inputs: [
      { name: "x", type: "float", shape: ["batch", 2] },
      { name: "names", type: "string", shape: ["batch", 2] },
    ],
    outputs: [
      { name: "classes", type: "string", shape: ["batch", 2] },
      { name: "scores", type: "float", shape: ["batch", 2] },
    ],
  });
}

/** Rows beside a number that is of no row. */
export function unevenRows(): Uint8Array {
  return onnxModel({
    nodes: [
      { op: "Identity", inputs: ["x"], outputs: ["y"] },
      { op: "Identity", inputs: ["one"], outputs: ["z"] },
    ],
    inputs: [{ name: "x", type: "float", shape: ["batch"] }],
    outputs: [
      { name: "y", type: "float", shape: ["batch"] },
      { name: "z", type: "float", shape: [1] },
    ],
    weights: [{ name: "one", shape: [1], data: Float32Array.of(1) }],
  });
}
