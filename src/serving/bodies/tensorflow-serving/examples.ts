import { servingErrors } from "../../errors.ts";
import { checkNames } from "../../tensors/items.ts";
import { describe, tensorFromNested } from "../../tensors/read-json.ts";
import { formatSpecs, type Signature, type TensorSpec } from "../../tensors/signature.ts";
import { noTensors, type Tensor, type Tensors } from "../../tensors/tensor.ts";
import { decoded } from "./predict-body.ts";
import { elementsJson, type JsonText } from "./write-json.ts";

type Members = Record<string, unknown>;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/**
 * Reads `{"context"?: {…}, "examples": [{feature: value or list}]}`: features are the model's inputs, and those of the
 * context are every example's. @throws SERVING_BAD_INPUT
 */
export function exampleInputs(body: Members, signature: Signature): Tensors {
  const { context = {}, examples } = body;
  if (!isObject(context)) throw refuse("context", `is ${describe(context)}, and must be an object of features`);
  if (!Array.isArray(examples) || examples.length === 0)
    throw refuse("examples", `is ${describe(examples)}, and must be an array of one or more examples`);
  const whole = examples.map((example: unknown, i) => {
    if (!isObject(example)) throw refuse(`examples[${i}]`, `is ${describe(example)}, and must be an object of features`);
    const features = { ...context, ...example };
    checkNames(Object.keys(features), signature.inputs, `examples[${i}]`);
    return features;
  });
  const tensors = noTensors();
  for (const spec of signature.inputs) {
    const where = `examples, "${spec.name}"`;
    const column = whole.map((features) => feature(features[spec.name], spec));
    tensors[spec.name] = tensorFromNested(spec.datatype === "BYTES" ? decoded(column, where) : column, { ...spec, where });
  }
  return tensors;
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A feature is a value or a list; one value and a list of it are the same. */
function feature(value: unknown, { shape }: TensorSpec): unknown {
  const takesList = shape.length > 1;
  if (takesList && !Array.isArray(value)) return [value];
  return !takesList && Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** The answer of `:regress`, by a model that gives one number for each example: `{"results": [v, …]}`. */
export function regressResults({ outputs }: Signature): (given: Tensors) => object {
  const [spec, ...others] = outputs;
  const single = spec !== undefined && others.length === 0 && isFloat(spec) && oneEach(spec);
  if (!single) throw cannot("regress", "one output of one number for each example", outputs);
  return (given) => ({ results: elementsJson(given[spec.name]!, spec.name) });
}

/**
 * The answer of `:classify`: `{"results": [[["label", score], …], …]}`, by a model that gives scores for each example, and
 * beside them a label for each. Where it gives none, labels are empty.
 */
export function classifyResults({ outputs }: Signature): (given: Tensors) => object {
  const scores = outputs.filter((spec) => isFloat(spec) && spec.shape.length === 2);
  const labels = outputs.filter((spec) => !isFloat(spec));
  const [score] = scores;
  const [label] = labels;
  if (score === undefined || scores.length > 1 || labels.length > 1 || outputs.length > 2)
    throw cannot("classify", "one output of scores for each example, and at most one of labels", outputs);
  return (given) => ({ results: labelledScores(given[score.name]!, label && given[label.name]) });
}

/** The scores of each example with their labels, which are there where the model gives one for each score. */
function labelledScores(scores: Tensor, labels: Tensor | undefined): [string, JsonText][][] {
  const [rows = 0, width = 0] = scores.shape;
  const values = elementsJson(scores, "");
  const names = labels?.data.length === values.length ? labels.data : undefined;
  const pair = (at: number): [string, JsonText] => [String(names?.[at] ?? ""), values[at]!];
  return Array.from({ length: rows }, (_row, row) => Array.from({ length: width }, (_score, i) => pair(row * width + i)));
}

function isFloat({ datatype }: TensorSpec): boolean {
  return datatype.startsWith("FP");
}

function oneEach({ shape }: TensorSpec): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

function cannot(verb: string, wanted: string, outputs: Signature["outputs"]): Error {
  const problem = `cannot ${verb}: that needs ${wanted}, and it gives ${formatSpecs(outputs)}`;
  return refuse("The model", problem, "Ask it by :predict.");
}
