// The models that Triton's own client examples ask for, by the same names and tensors.
import { type GraphNode, onnxModel } from "../onnx-writer.ts";

const INT32 = 6;
const STRING = 8;

/** `OUTPUT0 = INPUT0 + INPUT1`, `OUTPUT1 = INPUT0 - INPUT1`, sixteen whole numbers a row. */
export function simple(): Uint8Array {
  const tensor = (name: string) => ({ name, type: "int32" as const, shape: ["batch", 16] });
  return onnxModel({
    nodes: sumAndDifference("INPUT0", "INPUT1", ["OUTPUT0", "OUTPUT1"]),
    inputs: [tensor("INPUT0"), tensor("INPUT1")],
    outputs: [tensor("OUTPUT0"), tensor("OUTPUT1")],
  });
}

/** The same with numbers written as texts. */
export function simpleString(): Uint8Array {
  const tensor = (name: string) => ({ name, type: "string" as const, shape: ["batch", 16] });
  const cast = (input: string, output: string, to: number): GraphNode => ({
    op: "Cast",
    inputs: [input],
    outputs: [output],
    attributes: { to },
  });
  return onnxModel({
    nodes: [
      cast("INPUT0", "a", INT32),
      cast("INPUT1", "b", INT32),
      ...sumAndDifference("a", "b", ["sum", "difference"]),
      cast("sum", "OUTPUT0", STRING),
      cast("difference", "OUTPUT1", STRING),
    ],
    inputs: [tensor("INPUT0"), tensor("INPUT1")],
    outputs: [tensor("OUTPUT0"), tensor("OUTPUT1")],
  });
}

function sumAndDifference(a: string, b: string, outputs: [string, string]): GraphNode[] {
  return [
    { op: "Add", inputs: [a, b], outputs: [outputs[0]] },
    { op: "Sub", inputs: [a, b], outputs: [outputs[1]] },
  ];
}

/** Texts as they came. */
export function simpleIdentity(): Uint8Array {
  return onnxModel({
    nodes: [{ op: "Identity", inputs: ["INPUT0"], outputs: ["OUTPUT0"] }],
    inputs: [{ name: "INPUT0", type: "string", shape: ["batch", "texts"] }],
    outputs: [{ name: "OUTPUT0", type: "string", shape: ["batch", "texts"] }],
  });
}

/** The sum of all that a sequence has given so far. */
export function simpleSequence(): Uint8Array {
  const tensor = (name: string) => ({ name, type: "int32" as const, shape: [1, 1] });
  return onnxModel({
    nodes: [
      { op: "Add", inputs: ["INPUT", "state"], outputs: ["OUTPUT"] },
      { op: "Identity", inputs: ["OUTPUT"], outputs: ["stateN"] },
    ],
    inputs: [tensor("INPUT"), tensor("state")],
    outputs: [tensor("OUTPUT"), tensor("stateN")],
  });
}
