import { servingErrors } from "../errors.ts";
import { formatShape, type Signature, type TensorSpec } from "../tensors/signature.ts";

/** A version and what it takes and gives. */
export interface Signed {
  version: string;
  signature: Signature | undefined;
}

/**
 * Makes sure that a new version can stand in the place of one that a handler's code and its callers know.
 * @throws SERVING_OTHER_SIGNATURE
 */
export function demandFitting(signature: Signature, known: Signed): void {
  if (known.signature === undefined) return;
  const differences = [
    ...differencesOf("input", { known: known.signature.inputs, found: signature.inputs }),
    ...differencesOf("output", { known: known.signature.outputs, found: signature.outputs }),
  ];
  if (differences.length > 0) throw servingErrors.SERVING_OTHER_SIGNATURE({ known: known.version, differences });
}

type Side = "input" | "output";

/** What is gone, is of another kind, or has to be given besides. Outputs that are added disturb nobody. */
function* differencesOf(side: Side, specs: { known: readonly TensorSpec[]; found: readonly TensorSpec[] }): Generator<string> {
  const { known, found } = specs;
  const added = found.filter(({ name }) => known.every((each) => each.name !== name));
  for (const expected of known) {
    const given = found.find(({ name }) => name === expected.name);
    const instead = added.length > 0 ? ` (it has ${added.map((spec) => shown(spec)).join(", ")})` : "";
    if (given === undefined) yield `the ${side} ${shown(expected)} is expected, and it has none of that name${instead}`;
    else if (!fits(side, expected, given)) yield `the ${side} ${shown(expected)} is expected, and it has ${shown(given)}`;
  }
  const isRenamed = added.length > 0 && known.some(({ name }) => found.every((each) => each.name !== name));
  if (side === "input" && !isRenamed)
    for (const spec of added) yield `the input ${shown(spec)} is not expected, and has to be given`;
}

/** What may vary may be of any size: an input takes what it was given before, an output is as it was where that was certain. */
function fits(side: Side, known: TensorSpec, found: TensorSpec): boolean {
  if (known.datatype !== found.datatype) return false;
  // A file that does not say how many dimensions an output has is read as if it had none.
  if (side === "output" && (known.shape.length === 0 || found.shape.length === 0)) return true;
  if (known.shape.length !== found.shape.length) return false;
  return known.shape.every((size, i) => {
    const given = found.shape[i]!;
    if (size === given) return true;
    // Items have a first dimension only where that is certain.
    if (i === 0) return false;
    return given === -1 || (side === "output" && size === -1);
  });
}

function shown({ name, datatype, shape }: TensorSpec): string {
  return `${name} ${datatype} ${formatShape(shape)}`;
}
