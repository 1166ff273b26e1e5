import { graphMessage, onnxModel } from "../onnx-writer.ts";

const bool = { type: "bool", shape: [] } as const;
const turn = { name: "turn", type: "int64", shape: [] } as const;

/** A loop that turns `count` times, whose state goes from `from` to `to`. */
function loop(count: string, { from, to, step }: { from: string; to: string; step: "Identity" | "Concat" }) {
  const body = graphMessage({
    nodes: [
      { op: "Identity", inputs: ["go_in"], outputs: ["go_out"] },
      step === "Concat"
        ? { op: step, inputs: ["state_in", "state_in"], outputs: ["state_out"], attributes: { axis: 0 } }
        : { op: step, inputs: ["state_in"], outputs: ["state_out"] },
    ],
    inputs: [turn, { name: "go_in", ...bool }, { name: "state_in", type: "float", shape: ["n"] }],
    outputs: [
      { name: "go_out", ...bool },
      { name: "state_out", type: "float", shape: ["m"] },
    ],
  });
  return { op: "Loop", inputs: [count, "", from], outputs: [to], attributes: { body } };
}

/** Doubles its numbers so often, and then does nothing without end. */
export function endlessModel(doublings: number): Uint8Array {
  return onnxModel({
    nodes: [
      loop("doublings", { from: "x", to: "grown", step: "Concat" }),
      loop("forever", { from: "grown", to: "y", step: "Identity" }),
    ],
    inputs: [{ name: "x", type: "float", shape: ["n"] }],
    outputs: [{ name: "y", type: "float", shape: ["m"] }],
    weights: [
      { name: "doublings", shape: [1], data: BigInt64Array.of(BigInt(doublings)) },
      { name: "forever", shape: [1], data: BigInt64Array.of(2n ** 50n) },
    ],
  });
}
