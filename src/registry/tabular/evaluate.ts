import { take } from "./boosting.ts";
import type { PreparedTraining } from "./prepare-training.ts";
import { chancesOf, greatestOf, scoreRows } from "./tabular-model.ts";
import type { Ensemble } from "./boosting.ts";

/** Scores of a model on rows that it has not seen: accuracy and logLoss, or r2 and rmse. */
export function evaluate(ensemble: Ensemble, prepared: PreparedTraining): Record<string, number> {
  const columns = prepared.data.columns.map((column) => take(column, prepared.test));
  const targets = take(prepared.data.targets, prepared.test);
  if (targets.length === 0) return {};
  const scores = scoreRows(ensemble, columns, targets.length);
  return prepared.task === "regression"
    ? regressionScores(scores[0]!, targets)
    : classScores(scores, targets, prepared.data.classes);
}

function regressionScores(values: Float64Array, targets: Float64Array): Record<string, number> {
  const mean = targets.reduce((sum, target) => sum + target, 0) / targets.length;
  let errors = 0;
  let spread = 0;
  for (const [row, target] of targets.entries()) {
    errors += (values[row]! - target) ** 2;
    spread += (target - mean) ** 2;
  }
  return { ...(spread > 0 && { r2: 1 - errors / spread }), rmse: Math.sqrt(errors / targets.length) };
}

function classScores(scores: readonly Float64Array[], targets: Float64Array, classes: number): Record<string, number> {
  let right = 0;
  let loss = 0;
  for (const [row, target] of targets.entries()) {
    const chances = chancesOf(scores, row, classes);
    if (greatestOf(chances) === target) right++;
    loss -= Math.log(Math.max(chances[target]!, 1e-15));
  }
  return { accuracy: right / targets.length, logLoss: loss / targets.length };
}
