import { servingErrors } from "../../errors.ts";
import { checkNames } from "../../tensors/items.ts";
import { describe, tensorFromNested } from "../../tensors/read-json.ts";
import type { Signature, TensorSpec } from "../../tensors/signature.ts";
import { noTensors, type Tensor, type Tensors } from "../../tensors/tensor.ts";
import { SIGNATURE_NAME } from "./metadata.ts";

/** What `:predict` is to run. */
export interface PredictInputs {
  tensors: Tensors;
  /** How many instances came in rows; undefined where inputs came in columns. */
  rows: number | undefined;
}

type Members = Record<string, unknown>;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads `{"instances": […]}`, the inputs row by row, or `{"inputs": …}`, one tensor an input. @throws SERVING_BAD_INPUT */
export function predictInputs(body: Members, signature: Signature): PredictInputs {
  checkSignatureName(body["signature_name"]);
  const { instances, inputs } = body;
  if ((instances === undefined) === (inputs === undefined)) {
    const problem = `has ${inputs === undefined ? "neither" : "both"} of "instances" and "inputs", and takes one`;
    throw refuse("The body", problem, 'Rows: {"instances": […]}. Columns: {"inputs": …}.');
  }
  if (instances === undefined) return { tensors: columns(inputs, signature), rows: undefined };
  if (!Array.isArray(instances) || instances.length === 0)
    throw refuse("instances", `is ${describe(instances)}, and must be an array of one or more instances`);
  return { tensors: rows(instances, signature), rows: instances.length };
}

function checkSignatureName(name: unknown): void {
  if (name === undefined || name === "" || name === SIGNATURE_NAME) return;
  if (typeof name !== "string") throw refuse("signature_name", `is ${describe(name)}, and must be a string`);
  const hint = `A model has one signature here, "${SIGNATURE_NAME}".`;
  throw refuse("signature_name", `is "${name}". Serving signature name: "${name}" not found in signature def`, hint);
}

function rows(instances: readonly unknown[], signature: Signature): Tensors {
  const tensors = noTensors();
  if (isMembers(instances[0])) {
    for (const [i, instance] of instances.entries()) {
      if (!isMembers(instance)) throw refuse(`instances[${i}]`, `is ${describe(instance)}, and the first one is an object`);
      checkNames(Object.keys(instance), signature.inputs, `instances[${i}]`);
    }
    for (const spec of signature.inputs) {
      const column = instances.map((instance) => (instance as Members)[spec.name]);
      tensors[spec.name] = readTensor(column, spec, `instances, "${spec.name}"`);
    }
    return tensors;
  }
  const spec = onlyInput(signature, "instances");
  tensors[spec.name] = readTensor(instances, spec, "instances");
  return tensors;
}

function columns(inputs: unknown, signature: Signature): Tensors {
  const tensors = noTensors();
  if (isMembers(inputs)) {
    checkNames(Object.keys(inputs), signature.inputs, "inputs");
    for (const spec of signature.inputs) tensors[spec.name] = readTensor(inputs[spec.name], spec, `inputs.${spec.name}`);
    return tensors;
  }
  const spec = onlyInput(signature, "inputs");
  tensors[spec.name] = readTensor(inputs, spec, "inputs");
  return tensors;
}

/** The input that values without a name are for. */
function onlyInput({ inputs }: Signature, where: string): TensorSpec {
  const [first, ...others] = inputs;
  if (first !== undefined && others.length === 0) return first;
  const names = inputs.map((spec) => spec.name).join(", ");
  throw refuse(where, `has values without names, and the model takes ${inputs.length} inputs: ${names}`);
}

function readTensor(value: unknown, spec: TensorSpec, where: string): Tensor {
  return tensorFromNested(spec.datatype === "BYTES" ? decoded(value, where) : value, { ...spec, where });
}

/** An object with names; `{"b64": "…"}` is a string. */
function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isBase64(value);
}

function isBase64(value: object): value is { b64: string } {
  return typeof (value as { b64?: unknown }).b64 === "string" && Object.keys(value).length === 1;
}

/** Strings that came in base64, as strings. */
export function decoded(value: unknown, where: string): unknown {
  if (Array.isArray(value)) return value.map((part) => decoded(part, where));
  if (typeof value !== "object" || value === null || !isBase64(value)) return value;
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(value.b64)) throw refuse(where, "has a b64 that is not base64");
  const bytes = Buffer.from(value.b64, "base64");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse(where, "has a b64 that holds no UTF-8 text; the model takes text");
  }
}
