import { datatypes } from "../../tensors/datatypes.ts";
import { servingErrors } from "../../errors.ts";
import { hasRows, type Signature } from "../../tensors/signature.ts";
import { elementCount, Tensor } from "../../tensors/tensor.ts";

/**
 * The best classes of an output, as `value:index` texts, with `:label` where the model has labels, the highest value first: a row for each of the batch where the
 * model has one, else one row in all.
 * @throws SERVING_BAD_INPUT for an output of texts
 */
export function bestClasses(
  tensor: Tensor,
  { name, classes, signature }: { name: string; classes: number; signature: Signature },
): Tensor {
  const data = tensor.elements();
  if (Array.isArray(data))
    throw servingErrors.SERVING_BAD_INPUT({ where: `outputs ("${name}")`, problem: "is texts, which have no classes" });
  const rows = hasRows(signature) ? tensor.shape[0]! : undefined;
  const width = elementCount(rows === undefined ? tensor.shape : tensor.shape.slice(1));
  const labels = signature.outputs.find((spec) => spec.name === name)?.labels ?? [];
  const texts: string[] = [];
  for (let row = 0; row < (rows ?? 1); row++) {
    const values = data.subarray(row * width, (row + 1) * width);
    for (const index of highest(values, classes))
      texts.push([valueText(values[index]!, tensor), index, ...labels.slice(index, index + 1)].join(":"));
  }
  const count = Math.min(classes, width);
  return new Tensor("BYTES", rows === undefined ? [count] : [rows, count], texts);
}

/** The places of the highest values; of equals the first, and what is no number last. */
function highest(values: ArrayLike<number | bigint>, count: number): number[] {
  const places = Array.from({ length: values.length }, (_, i) => i);
  const rank = (place: number) => (Number.isNaN(values[place]) ? Number.NEGATIVE_INFINITY : values[place]!);
  places.sort((a, b) => (rank(a) < rank(b) ? 1 : rank(a) > rank(b) ? -1 : a - b));
  return places.slice(0, count);
}

function valueText(value: number | bigint, { datatype }: Tensor): string {
  return datatypes[datatype].kind === "float" ? (value as number).toFixed(6) : String(value);
}
