import { softmaxRow } from "./loss.ts";
import type { Ensemble } from "./boosting.ts";
import { addTree } from "./tree.ts";

/** How a column's values are understood: numbers (dates are milliseconds), yes or no, or one of a set of texts. */
export type ColumnKind = "number" | "boolean" | "category";

export interface FeatureColumn {
  name: string;
  kind: ColumnKind;
  /** The texts that the model knows, each at its code; empty unless `kind` is category. Others count as missing. */
  categories: readonly string[];
}

export interface TargetColumn {
  name: string;
  kind: ColumnKind;
  /** The classes as text, each at its number; empty in regression. */
  labels: readonly string[];
}

/** A trained model of rows: what it reads, what it predicts, and its trees. */
export interface TabularModel {
  task: "regression" | "classification";
  columns: readonly FeatureColumn[];
  target: TargetColumn;
  ensemble: Ensemble;
}

/** One item, by column name. `null`, `undefined` and `""` are missing. */
export type TabularItem = Readonly<Record<string, unknown>>;

/** A value as the number that the trees compare; NaN is missing. */
export function encodeValue(column: FeatureColumn, value: unknown): number {
  if (value === null || value === undefined || value === "") return NaN;
  if (column.kind !== "category") return Number(value);
  const code = column.categories.indexOf(String(value));
  return code < 0 ? NaN : code;
}

/** The scores of encoded rows, one array an output. */
export function scoreRows(ensemble: Ensemble, columns: readonly Float64Array[], rows: number): Float64Array[] {
  const scores = Array.from(ensemble.base, (base) => new Float64Array(rows).fill(base));
  for (const [at, tree] of ensemble.trees.entries()) addTree(tree, columns, scores[at % scores.length]!);
  return scores;
}

/** What a model says of rows: a value each, or the chance of every class each. */
export type Prediction = { values: Float64Array } | { labels: string[]; probabilities: Float64Array[] };

/**
 * Predicts in this process, from the trees themselves. Served models predict in ONNX; both agree to float32.
 *
 * ```ts
 * predictItems(model, [{ name: "Latte", isIce: true }]); // { values: Float64Array [4312.5] }
 * ```
 */
export function predictItems(model: TabularModel, items: readonly TabularItem[]): Prediction {
  const columns = model.columns.map((column) => Float64Array.from(items, (item) => encodeValue(column, item[column.name])));
  const scores = scoreRows(model.ensemble, columns, items.length);
  if (model.task === "regression") return { values: scores[0]! };
  const probabilities = items.map((_, row) => chancesOf(scores, row, model.target.labels.length));
  return { labels: probabilities.map((chances) => model.target.labels[greatestOf(chances)]!), probabilities };
}

/** A row's class chances: two classes share one score, the log-odds of the second. */
export function chancesOf(scores: readonly Float64Array[], row: number, classes: number): Float64Array {
  const chances = new Float64Array(classes);
  if (scores.length > 1) softmaxRow(scores, row, chances);
  else {
    chances[1] = 1 / (1 + Math.exp(-scores[0]![row]!));
    chances[0] = 1 - chances[1];
  }
  return chances;
}

/** Where the greatest number stands; the first of equals. */
export function greatestOf(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
