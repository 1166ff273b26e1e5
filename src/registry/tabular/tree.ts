/**
 * A binary decision tree in parallel arrays, one entry a node; node 0 is the root.
 * A row goes left where its value ≤ `threshold`, or where it is missing and `missingLeft` is 1.
 * In a leaf `feature` is -1 and `value` is what the tree adds to the row's score.
 */
export interface Tree {
  feature: Int32Array;
  threshold: Float64Array;
  missingLeft: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  value: Float64Array;
}

export function allocateTree(nodes: number): Tree {
  return {
    feature: new Int32Array(nodes).fill(-1),
    threshold: new Float64Array(nodes),
    missingLeft: new Uint8Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    value: new Float64Array(nodes),
  };
}

/** The leaf in which a row ends. */
function leafOf(tree: Tree, columns: readonly Float64Array[], row: number): number {
  const { feature, threshold, missingLeft, left, right } = tree;
  let node = 0;
  while (feature[node]! >= 0) {
    const value = columns[feature[node]!]![row]!;
    const goesLeft = value <= threshold[node]! || (value !== value && missingLeft[node] === 1);
    node = goesLeft ? left[node]! : right[node]!;
  }
  return node;
}

/** Adds what the tree says of each row to that row's score. */
export function addTree(tree: Tree, columns: readonly Float64Array[], scores: Float64Array): void {
  for (let row = 0; row < scores.length; row++) scores[row]! += tree.value[leafOf(tree, columns, row)]!;
}
