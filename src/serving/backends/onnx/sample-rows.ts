import { datatypes, type TensorData } from "../../tensors/datatypes.ts";
import type { TensorSpec } from "../../tensors/signature.ts";
import { elementCount, noTensors, Tensor, type Tensors } from "../../tensors/tensor.ts";

/**
 * Two different rows made up from a signature, or undefined when its sizes beyond the first may vary: what sizes make
 * sense is then known to the model's author only, who can say it by `warmUp`.
 */
export function sampleRows(inputs: readonly TensorSpec[]): Tensors[] | undefined {
  if (inputs.some((spec) => spec.shape.slice(1).includes(-1))) return undefined;
  return [0, 1].map((seed) => {
    const tensors = noTensors();
    for (const spec of inputs) {
      const shape = [1, ...spec.shape.slice(1)];
      tensors[spec.name] = new Tensor(spec.datatype, shape, sampleData(spec, elementCount(shape), seed));
    }
    return tensors;
  });
}

/** What a size that may vary is taken to be, where nobody says it. */
const GUESS = 16;

/** Inputs with the sizes beyond the first that were said, or guessed where nobody said them; and whose were guessed. */
export function sizedInputs(
  inputs: readonly TensorSpec[],
  shapes: Readonly<Record<string, readonly number[]>> = {},
): { inputs: TensorSpec[]; guessed: string[] } {
  const guessed: string[] = [];
  const sized = inputs.map((spec) => {
    const said = shapes[spec.name];
    const shape = said ? [spec.shape[0]!, ...said] : spec.shape;
    const known = shape.map((size, i) => (i > 0 && size === -1 ? GUESS : size));
    if (known.some((size, i) => size !== shape[i])) guessed.push(spec.name);
    return { ...spec, shape: known };
  });
  return { inputs: sized, guessed };
}

/** Numbers between 0 and 1; 0 and 1 where only whole numbers go, which are valid indexes of most tables. */
function sampleData(spec: TensorSpec, count: number, seed: number): TensorData {
  const { array, kind } = datatypes[spec.datatype];
  if (array === undefined) return Array.from({ length: count }, (_, i) => String((i + seed) % 2));
  const data = new array(count);
  for (let i = 0; i < count; i++) {
    if (kind === "float") data[i] = ((i * 7919 + seed * 104_729) % 1009) / 1009;
    else data[i] = kind === "bigint" ? BigInt((i + seed) % 2) : (i + seed) % 2;
  }
  return data;
}
