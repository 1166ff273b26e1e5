import { didYouMean } from "#kernel";
import { servingErrors } from "../errors.ts";
import { describe, tensorFromNested } from "./read-json.ts";
import { formatSpecs, misfit, type Signature, type TensorSpec } from "./signature.ts";
import { type Nested, noTensors, Tensor, type Tensors } from "./tensor.ts";

/**
 * How it works: an item is one row. An input or output whose first size may vary is written without that dimension;
 * others are written whole. So an item of `image FP32 [-1, 784]` is `{ image: [784 numbers] }`, and an item of
 * `state FP32 [2, 1, 128]` has all three dimensions.
 */

/** An item as the model's inputs, from JSON values or tensors. @throws SERVING_BAD_INPUT */
export function itemToTensors(item: unknown, signature: Signature, where: string): Tensors {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    const problem = `is ${describe(item)}, and must be an object with ${formatSpecs(signature.inputs.map(itemSpec))}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem });
  }
  const specs = signature.inputs.map(itemSpec);
  checkNames(Object.keys(item), specs, where);
  const tensors = noTensors();
  for (const [i, spec] of specs.entries()) {
    const value = (item as Record<string, unknown>)[spec.name];
    tensors[spec.name] = addRow(itemTensor(value, spec, `${where}.${spec.name}`), signature.inputs[i]!);
  }
  return tensors;
}

/** Refuses names that are not the model's inputs, and inputs that are not given. @throws SERVING_BAD_INPUT */
export function checkNames(given: readonly string[], inputs: readonly TensorSpec[], where: string): void {
  const names = inputs.map((spec) => spec.name);
  for (const name of given) {
    if (names.includes(name)) continue;
    const problem = `has "${name}", which the model does not take; it takes ${formatSpecs(inputs)}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem, hint: didYouMean(name, names) });
  }
  for (const spec of inputs) {
    if (given.includes(spec.name)) continue;
    throw servingErrors.SERVING_BAD_INPUT({
      where: `${where}.${spec.name}`,
      problem: `is missing; the model takes ${formatSpecs(inputs)}`,
    });
  }
}

/** An item's part of an input or output: without the first dimension where that may vary. */
function itemSpec(spec: TensorSpec): TensorSpec {
  return spec.shape[0] === -1 ? { ...spec, shape: spec.shape.slice(1) } : spec;
}

function itemTensor(value: unknown, spec: TensorSpec, where: string): Tensor {
  if (!(value instanceof Tensor)) return tensorFromNested(value, { ...spec, where });
  const problem = misfit(spec, value);
  if (problem) throw servingErrors.SERVING_BAD_INPUT({ where, problem });
  return value;
}

function addRow(tensor: Tensor, spec: TensorSpec): Tensor {
  return spec.shape[0] === -1 ? new Tensor(tensor.datatype, [1, ...tensor.shape], tensor.data) : tensor;
}

/** What `preprocess` gave, as the model's inputs. @throws SERVING_BAD_OUTPUT naming the step */
export function preprocessedToTensors(given: Tensors, signature: Signature, model: string): Tensors {
  const refuse = (problem: string) => servingErrors.SERVING_BAD_OUTPUT({ model, step: "preprocess", problem });
  const tensors = noTensors();
  for (const spec of signature.inputs) {
    const tensor = given[spec.name];
    if (!(tensor instanceof Tensor))
      throw refuse(`gave no tensor "${spec.name}"; the model takes ${formatSpecs(signature.inputs)}`);
    const oneLess = tensor.shape.length === spec.shape.length - 1 && (spec.shape[0] === -1 || spec.shape[0] === 1);
    const whole = oneLess ? new Tensor(tensor.datatype, [1, ...tensor.shape], tensor.data) : tensor;
    const problem = misfit(spec, whole);
    if (problem) throw refuse(`gave "${spec.name}", which ${problem}`);
    tensors[spec.name] = whole;
  }
  return tensors;
}

/** The outputs for one item: without the first dimension where that may vary and is one. */
export function tensorsToItem(outputs: Tensors, signature: Signature): Tensors {
  const item: Tensors = {};
  for (const { name, shape } of signature.outputs) {
    const tensor = outputs[name]!;
    item[name] =
      shape[0] === -1 && tensor.shape[0] === 1 ? new Tensor(tensor.datatype, tensor.shape.slice(1), tensor.data) : tensor;
  }
  return item;
}

/** Tensors as plain arrays, for whoever reads JSON. */
export function tensorsToNested(tensors: Tensors): Record<string, Nested> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.toNested()]));
}
