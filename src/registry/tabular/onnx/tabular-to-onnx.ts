/**
 * How it works.
 *
 * The graph has one input a column: `DOUBLE [-1,1]` for numbers (NaN is missing; yes is 1, no is 0) and `STRING [-1,1]` for
 * categories ("" is missing, and so is a text that the model does not know). A LabelEncoder turns texts into the codes on
 * which the trees were grown; all columns joined, in double precision, go into one tree ensemble.
 *
 * Thresholds, leaves and bases are kept as doubles, so no threshold moves to the other side of a training value, as it would
 * when rounded to float32. Only what comes out is float32.
 */
import type { Tree } from "../tree.ts";
import type { FeatureColumn, TabularModel } from "../tabular-model.ts";
import { metadataKey } from "./onnx-fields.ts";
import { type AttributeValue, type OnnxNode, type OnnxValue, writeOnnx } from "./onnx-graph.ts";

/** The model as the bytes of an ONNX file. `tabularFromOnnx` gives the same model back. */
export function tabularToOnnx(model: TabularModel): Uint8Array {
  const encoders = model.columns.flatMap((column, at) => encodeColumn(column, at));
  const joined: OnnxNode = {
    operator: "Concat",
    domain: "",
    inputs: model.columns.map((column, at) => (column.kind === "category" ? `#double${at}` : column.name)),
    outputs: ["#row"],
    attributes: { axis: { integer: 1 } },
  };
  const outputs = outputValues(model);
  return writeOnnx({
    name: `${model.task} of ${model.target.name}`,
    nodes: [...encoders, joined, ensembleNode(model, outputs)],
    inputs: model.columns.map((column) => ({
      name: column.name,
      type: column.kind === "category" ? "text" : "double",
      shape: ["N", 1],
    })),
    outputs,
    metadata: { [metadataKey]: JSON.stringify({ format: 1, task: model.task, columns: model.columns, target: model.target }) },
  });
}

/** Text → code → double. Names of a "#" are ours: no column or output has them. */
function encodeColumn(column: FeatureColumn, at: number): OnnxNode[] {
  if (column.kind !== "category") return [];
  const codes = {
    keys_strings: { texts: ["", ...column.categories] },
    values_floats: { floats: [NaN, ...column.categories.keys()] },
  };
  return [
    {
      operator: "LabelEncoder",
      domain: "ai.onnx.ml",
      inputs: [column.name],
      outputs: [`#code${at}`],
      attributes: { ...codes, default_float: { float: NaN } },
    },
    { operator: "Cast", domain: "", inputs: [`#code${at}`], outputs: [`#double${at}`], attributes: { to: { integer: 11 } } },
  ];
}

/** `label` and `probabilities`, or `value`; underscored where a column already has the name. */
function outputValues(model: TabularModel): OnnxValue[] {
  const taken = new Set(model.columns.map((column) => column.name));
  const free = (name: string): string => (taken.has(name) ? free(`${name}_`) : name);
  if (model.task === "regression") return [{ name: free("value"), type: "float", shape: ["N", 1] }];
  return [
    { name: free("label"), type: "text", shape: ["N"] },
    { name: free("probabilities"), type: "float", shape: ["N", model.target.labels.length] },
  ];
}

function ensembleNode(model: TabularModel, outputs: readonly OnnxValue[]): OnnxNode {
  const { base, trees } = model.ensemble;
  const shared = {
    domain: "ai.onnx.ml",
    inputs: ["#row"],
    outputs: outputs.map((output) => output.name),
  } as const;
  if (model.task === "regression") {
    const leaves = leafAttributes(trees, "target", [[{ output: 0, factor: 1 }]]);
    const attributes = {
      ...nodeAttributes(trees),
      ...leaves,
      n_targets: { integer: 1 },
      base_values_as_tensor: { doubles: base },
    };
    return { ...shared, operator: "TreeEnsembleRegressor", attributes };
  }
  // Two classes share one score, the log-odds: half of it for the one and half against the other is exact in doubles.
  const halves = base.length === 1;
  const votes = halves ? [[halfAgainst, halfFor]] : trees.slice(0, base.length).map((_, output) => [{ output, factor: 1 }]);
  const attributes = {
    ...nodeAttributes(trees),
    ...leafAttributes(trees, "class", votes),
    classlabels_strings: { texts: model.target.labels },
    base_values_as_tensor: { doubles: halves ? Float64Array.of(-base[0]! / 2, base[0]! / 2) : base },
    post_transform: { text: "SOFTMAX" },
  };
  return { ...shared, operator: "TreeEnsembleClassifier", attributes };
}

/** What a leaf's value counts for: an output, and by which factor. */
interface Vote {
  output: number;
  factor: number;
}

const halfAgainst: Vote = { output: 0, factor: -0.5 };
const halfFor: Vote = { output: 1, factor: 0.5 };

/** Every node of every tree, one entry a node in each list. */
function nodeAttributes(trees: readonly Tree[]): Record<string, AttributeValue> {
  const isLeaf = (tree: Tree, node: number): boolean => tree.feature[node]! < 0;
  const each = (value: (tree: Tree, node: number, at: number) => number): { integers: number[] } => ({
    integers: trees.flatMap((tree, at) => Array.from(tree.feature, (_, node) => value(tree, node, at))),
  });
  return {
    nodes_treeids: each((_tree, _node, at) => at),
    nodes_nodeids: each((_tree, node) => node),
    nodes_featureids: each((tree, node) => Math.max(0, tree.feature[node]!)),
    nodes_truenodeids: each((tree, node) => tree.left[node]!),
    nodes_falsenodeids: each((tree, node) => tree.right[node]!),
    nodes_missing_value_tracks_true: each((tree, node) => tree.missingLeft[node]!),
    nodes_modes: {
      texts: trees.flatMap((tree) => Array.from(tree.feature, (_, node) => (isLeaf(tree, node) ? "LEAF" : "BRANCH_LEQ"))),
    },
    nodes_values_as_tensor: { doubles: Float64Array.from(trees.flatMap((tree) => [...tree.threshold])) },
  };
}

/** Every leaf's votes. Tree `t` has the votes at `t % votes.length`. */
function leafAttributes(
  trees: readonly Tree[],
  prefix: "class" | "target",
  votes: readonly Vote[][],
): Record<string, AttributeValue> {
  const lists = { trees: [] as number[], nodes: [] as number[], ids: [] as number[], weights: [] as number[] };
  for (const [at, tree] of trees.entries()) {
    for (let node = 0; node < tree.feature.length; node++) {
      if (tree.feature[node]! >= 0) continue;
      for (const vote of votes[at % votes.length]!) {
        lists.trees.push(at);
        lists.nodes.push(node);
        lists.ids.push(vote.output);
        lists.weights.push(tree.value[node]! * vote.factor);
      }
    }
  }
  return {
    [`${prefix}_treeids`]: { integers: lists.trees },
    [`${prefix}_nodeids`]: { integers: lists.nodes },
    [`${prefix}_ids`]: { integers: lists.ids },
    [`${prefix}_weights_as_tensor`]: { doubles: Float64Array.from(lists.weights) },
  };
}
