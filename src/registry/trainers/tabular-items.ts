import { didYouMean } from "#kernel";
import { servingErrors, tensor, type Tensor, type Tensors, type VersionContext } from "#serving";
import { isDecimal } from "#validation";
import { type ColumnKind, type FeatureColumn, encodeValue } from "../tabular/tabular-model.ts";

/** A column as a version's manifest describes it. */
export interface ManifestColumn extends FeatureColumn {
  role: "feature" | "target";
}

const expected: Record<ColumnKind, string> = { number: "a number", boolean: "true or false", category: "text" };

/** An item as the inputs of its version's graph: a value a column. @throws SERVING_BAD_INPUT naming the field */
export function itemToInputs(item: unknown, version: VersionContext): Tensors {
  const where = (version as { where?: string }).where ?? "input";
  const columns = columnsOf(version, "feature");
  const names = columns.map((column) => column.name);
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw servingErrors.SERVING_BAD_INPUT({ where, problem: `must be an object with ${names.join(", ")}` });
  }
  const unknown = Object.keys(item).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const problem = `has "${unknown}", which the model does not take; it takes ${names.join(", ")}`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem, hint: didYouMean(unknown, names) });
  }
  const inputs: Tensors = Object.create(null) as Tensors;
  for (const column of columns) inputs[column.name] = inputOf(column, (item as Record<string, unknown>)[column.name], where);
  return inputs;
}

function inputOf(column: FeatureColumn, value: unknown, where: string): Tensor {
  if (!fits(column.kind, value)) {
    const problem = value === undefined ? "is missing" : `is ${JSON.stringify(value)?.slice(0, 60) ?? typeof value}`;
    throw servingErrors.SERVING_BAD_INPUT({
      where: `${where}.${column.name}`,
      problem: `${problem}; it must be ${expected[column.kind]}, or null where it is not known`,
    });
  }
  if (column.kind === "category") return tensor("string", [(value as string | null) ?? ""]);
  return tensor("float64", [encodeValue(column, value)]);
}

function fits(kind: ColumnKind, value: unknown): boolean {
  if (value === null) return true;
  if (kind === "category") return typeof value === "string";
  if (kind === "boolean") return typeof value === "boolean";
  return typeof value === "number" || typeof value === "bigint" || isDecimal(value) || value instanceof Date;
}

/** The graph's outputs as an answer: `{ species: "Gentoo", probabilities: { … } }`, or `{ price: 4312.5 }`. */
export function outputsToAnswer(outputs: Tensors, version: VersionContext): Record<string, unknown> {
  const [target] = columnsOf(version, "target");
  const [first, second] = Object.values(outputs) as [Tensor, Tensor | undefined];
  if (!second) return { [target!.name]: first.numbers()[0] };
  const chances = second.numbers();
  const labels = version.manifest?.labels ?? [];
  return {
    [target!.name]: labelValue(String(first.data[0]), target!.kind),
    probabilities: Object.fromEntries(labels.map((label, at) => [label, chances[at]])),
  };
}

function labelValue(label: string, kind: ColumnKind): string | number | boolean {
  if (kind === "number") return Number(label);
  return kind === "boolean" ? label === "true" : label;
}

function columnsOf(version: VersionContext, role: ManifestColumn["role"]): ManifestColumn[] {
  const columns = (version.manifest?.columns ?? []) as unknown as ManifestColumn[];
  return columns.filter((column) => column.role === role);
}
