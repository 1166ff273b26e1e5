import { servingErrors } from "../../errors.ts";
import { describe } from "../../tensors/read-json.ts";
import { repeatedName } from "../../tensors/repeated-name.ts";
import type { Signature } from "../../tensors/signature.ts";

type Members = Record<string, unknown>;

/** The forms of a body; exactly one of them is there. */
const FORMS = ["dataframe_split", "dataframe_records", "instances", "inputs"] as const;
/** What a body of a language model has, which is an item as it is. */
const UNWRAPPED = ["messages", "prompt", "input"] as const;

const refuse = (where: string, problem: string, hint?: string): Error =>
  servingErrors.SERVING_BAD_INPUT({ where, problem, hint });

/** Reads a JSON body as items. @throws SERVING_BAD_INPUT */
export function bodyItems(body: unknown, signature: Signature | undefined): { items: readonly unknown[]; unwrapped: boolean } {
  const hint = `Send an object with one of ${FORMS.join(", ")}.`;
  if (!isMembers(body)) throw refuse("The body", `is ${describe(body)}, and must be an object`, hint);
  const forms = FORMS.filter((name) => Object.hasOwn(body, name));
  if (forms.length === 0 && UNWRAPPED.some((name) => Object.hasOwn(body, name))) return { items: [body], unwrapped: true };
  if (forms.length !== 1) {
    const given = forms.length === 0 ? "none" : forms.join(" and ");
    throw refuse("The body", `must have exactly one of ${FORMS.join(", ")}, and has ${given}`);
  }
  const unknown = Object.keys(body).find((name) => name !== forms[0] && name !== "params");
  if (unknown !== undefined) throw refuse("The body", `has "${unknown}" beside ${forms[0]}`);
  const params = body["params"];
  if (params !== undefined && !(isMembers(params) && Object.keys(params).length === 0))
    throw refuse("params", "are given, and the model declares none", "Make them a part of the items.");
  return { items: itemsOf(forms[0]!, body[forms[0]!], signature), unwrapped: false };
}

function itemsOf(form: (typeof FORMS)[number], value: unknown, signature: Signature | undefined): readonly unknown[] {
  if (form === "dataframe_split") return splitItems(value, signature);
  if (form === "inputs") return columnItems(value, signature);
  if (!Array.isArray(value)) throw refuse(form, `is ${describe(value)}, and must be an array`);
  return form === "instances"
    ? value.map((each: unknown) => namedItem(each, signature))
    : value.map((row, i) => record(row, i, signature));
}

function record(row: unknown, index: number, signature: Signature | undefined): unknown {
  if (isMembers(row)) return tableItem(Object.keys(row), Object.values(row), signature);
  throw refuse(`dataframe_records[${index}]`, `is ${describe(row)}, and must be an object of columns`);
}

function splitItems(value: unknown, signature: Signature | undefined): unknown[] {
  const where = "dataframe_split";
  if (!isMembers(value)) throw refuse(where, `is ${describe(value)}, and must be an object with columns and data`);
  const { columns, data } = value;
  if (!Array.isArray(columns) || columns.some((name) => typeof name !== "string"))
    throw refuse(`${where}.columns`, `is ${describe(columns)}, and must be an array of names`);
  const twice = repeatedName(columns as string[]);
  if (twice !== undefined) throw refuse(`${where}.columns`, `has "${twice}" twice`);
  if (!Array.isArray(data)) throw refuse(`${where}.data`, `is ${describe(data)}, and must be an array of rows`);
  return data.map((row: unknown, i) => {
    if (Array.isArray(row) && row.length === columns.length) return tableItem(columns as string[], row, signature);
    const problem = `is ${describe(row)}, and must be an array of ${columns.length} values`;
    throw refuse(`${where}.data[${i}]`, problem);
  });
}

/** The columns of tensors: `{"name": [rows]}`, or the rows of a model's one input. */
function columnItems(value: unknown, signature: Signature | undefined): unknown[] {
  if (Array.isArray(value)) return value.map((each: unknown) => namedItem(each, signature));
  if (!isMembers(value)) throw refuse("inputs", `is ${describe(value)}, and must be an array or an object of arrays`);
  const names = Object.keys(value);
  const [first] = names;
  if (first === undefined) throw refuse("inputs", "has no columns");
  const count = (value[first] as unknown[] | null)?.length;
  for (const name of names) {
    const column = value[name];
    if (!Array.isArray(column)) throw refuse(`inputs.${name}`, `is ${describe(column)}, and must be an array of rows`);
    if (column.length !== count) throw refuse(`inputs.${name}`, `has ${column.length} rows, and "${first}" has ${count}`);
  }
  const row = (i: number) => names.map((name) => (value[name] as unknown[])[i]);
  return Array.from({ length: count! }, (_, i) => tableItem(names, row(i), signature));
}

/** A value without a name is for the model's one input. */
function namedItem(value: unknown, signature: Signature | undefined): unknown {
  const [only, ...others] = signature?.inputs ?? [];
  return only === undefined || others.length > 0 || isMembers(value) ? value : { [only.name]: value };
}

/**
 * A row of a table as an item. Columns named as the model's inputs are those inputs; the columns of a model with one
 * input of a row of numbers are that row, in their order, as a model of a table has them.
 */
export function tableItem(columns: readonly string[], values: readonly unknown[], signature: Signature | undefined): unknown {
  const [only, ...others] = signature?.inputs ?? [];
  const isRow = only !== undefined && others.length === 0 && only.shape.length === 2 && !columns.includes(only.name);
  if (isRow) return { [only.name]: [...values] };
  const cells = columns.map((name, i) => {
    const spec = signature?.inputs.find((each) => each.name === name);
    return [name, spec?.shape.length === 2 && spec.shape[1] === 1 && !Array.isArray(values[i]) ? [values[i]] : values[i]];
  });
  // Not by assignment: a column named "__proto__" is a member like any other.
  return Object.fromEntries(cells) as Members;
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
