import { registryErrors } from "../../errors.ts";
import type { Ensemble } from "../boosting.ts";
import type { TabularModel } from "../tabular-model.ts";
import { type Tree, allocateTree } from "../tree.ts";
import { attributeField, entryField, graphField, metadataKey, modelField, nodeField, tensorField } from "./onnx-fields.ts";
import { ProtobufMessage } from "./protobuf-reader.ts";

/**
 * Reads a model that `tabularToOnnx` wrote: the same columns, and trees that are equal to the last bit.
 * @throws REGISTRY_NOT_TABULAR for every other file.
 */
export function tabularFromOnnx(bytes: Uint8Array): TabularModel {
  try {
    const file = new ProtobufMessage(bytes);
    const metadata = file.messages(modelField.metadata).find((entry) => entry.text(entryField.key) === metadataKey);
    if (!metadata) throw new RangeError(`it has no metadata "${metadataKey}"`);
    const { task, columns, target } = JSON.parse(metadata.text(entryField.value)) as Omit<TabularModel, "ensemble">;
    return { task, columns, target, ensemble: readEnsemble(new Attributes(ensembleNodeOf(file)), target.labels.length) };
  } catch (cause) {
    throw registryErrors.REGISTRY_NOT_TABULAR({ reason: (cause as Error).message, cause });
  }
}

function ensembleNodeOf(file: ProtobufMessage): ProtobufMessage {
  const nodes = file.message(modelField.graph)?.messages(graphField.node) ?? [];
  const node = nodes.find((each) => each.text(nodeField.operator).startsWith("TreeEnsemble"));
  if (!node) throw new RangeError("its graph has no tree ensemble");
  return node;
}

function readEnsemble(attributes: Attributes, classes: number): Ensemble {
  const base = attributes.doubles("base_values_as_tensor");
  const prefix = classes === 0 ? "target" : "class";
  const trees = readNodes(attributes);
  const halves = classes === 2;
  const treeIds = attributes.integers(`${prefix}_treeids`);
  const nodeIds = attributes.integers(`${prefix}_nodeids`);
  const outputs = attributes.integers(`${prefix}_ids`);
  const weights = attributes.doubles(`${prefix}_weights_as_tensor`);
  for (let at = 0; at < weights.length; at++) {
    if (halves && outputs[at] === 0) continue;
    trees[treeIds[at]!]!.value[nodeIds[at]!] = halves ? weights[at]! * 2 : weights[at]!;
  }
  return { base: halves ? Float64Array.of(base[1]! * 2) : base, trees };
}

/** Nodes lie tree by tree, each tree's in the order of their numbers. */
function readNodes(attributes: Attributes): Tree[] {
  const treeIds = attributes.integers("nodes_treeids");
  const features = attributes.integers("nodes_featureids");
  const lefts = attributes.integers("nodes_truenodeids");
  const rights = attributes.integers("nodes_falsenodeids");
  const missing = attributes.integers("nodes_missing_value_tracks_true");
  const modes = attributes.texts("nodes_modes");
  const thresholds = attributes.doubles("nodes_values_as_tensor");
  const trees: Tree[] = [];
  for (let start = 0, end = 0; start < treeIds.length; start = end) {
    while (end < treeIds.length && treeIds[end] === treeIds[start]) end++;
    const tree = allocateTree(end - start);
    for (let at = start; at < end; at++) {
      const node = at - start;
      if (modes[at] === "LEAF") continue;
      tree.feature[node] = features[at]!;
      tree.threshold[node] = thresholds[at]!;
      tree.left[node] = lefts[at]!;
      tree.right[node] = rights[at]!;
      tree.missingLeft[node] = missing[at]!;
    }
    trees.push(tree);
  }
  return trees;
}

class Attributes {
  readonly #byName: Map<string, ProtobufMessage>;

  constructor(node: ProtobufMessage) {
    this.#byName = new Map(node.messages(nodeField.attribute).map((each) => [each.text(attributeField.name), each]));
  }

  #named(name: string): ProtobufMessage {
    const attribute = this.#byName.get(name);
    if (!attribute) throw new RangeError(`its tree ensemble has no ${name}`);
    return attribute;
  }

  integers(name: string): number[] {
    return this.#named(name).integers(attributeField.integers);
  }

  texts(name: string): string[] {
    return this.#named(name).texts(attributeField.texts);
  }

  doubles(name: string): Float64Array {
    const raw = this.#named(name).message(attributeField.tensor)?.bytes(tensorField.raw) ?? new Uint8Array();
    return new Float64Array(Uint8Array.from(raw).buffer);
  }
}
