import { registryErrors } from "../errors.ts";
import { type BoostingData, take } from "./boosting.ts";
import { splitRows } from "./split-rows.ts";
import type { TableColumn } from "./table.ts";
import type { FeatureColumn, TabularModel, TargetColumn } from "./tabular-model.ts";
import type { TabularParameters } from "./tabular-parameters.ts";

/** A table ready to be trained on: all but the trees is known. */
export interface PreparedTraining {
  task: TabularModel["task"];
  columns: readonly FeatureColumn[];
  target: TargetColumn;
  data: BoostingData;
  /** The rows that score the result. */
  test: Uint32Array;
}

export interface TrainingSubject {
  /** The model's name, for errors. */
  model: string;
  target: string;
  task?: TabularModel["task"] | undefined;
}

const leastRows = 5;
const mostClasses = 1000;
const manyRows = 10_000;
/** Leaves room for a difference of two targets among the 32-bit numbers. */
const largestTarget = 1e38;

/** Chooses the task, divides the rows, and turns texts into numbers. Rows without a target are left out. */
export function prepareTraining(
  subject: TrainingSubject,
  table: readonly TableColumn[],
  parameters: TabularParameters,
): PreparedTraining {
  const known = table.find((column) => column.name === subject.target)!;
  const kept = Uint32Array.from([...known.values.keys()].filter((row) => !Number.isNaN(known.values[row]!)));
  if (kept.length < leastRows) {
    throw registryErrors.REGISTRY_TOO_FEW_ROWS({ ...subject, rows: kept.length, needed: leastRows });
  }
  const task = subject.task ?? (known.kind === "number" ? "regression" : "classification");
  const answers = { ...known, values: take(known.values, kept) };
  const { target, targets } = task === "regression" ? numericTarget(subject, answers) : classTarget(subject, answers);
  const split = splitRows(kept.length, {
    test: parameters.testShare,
    validation: (parameters.earlyStopping ?? kept.length > manyRows) ? 0.1 : 0,
    seed: parameters.seed,
    classes: task === "classification" ? targets : undefined,
  });
  const features = table
    .filter((column) => column !== known)
    .map((column) => ({ ...column, values: take(column.values, kept) }))
    .map((column) => encodeFeature(column, { targets, classes: target.labels.length, train: split.train }));
  const data = { columns: features.map((each) => each.values), targets, classes: target.labels.length, ...split };
  return { task, columns: features.map((each) => each.column), target, data, test: split.test };
}

function numericTarget(subject: TrainingSubject, answers: TableColumn): { target: TargetColumn; targets: Float64Array } {
  if (answers.kind === "category") {
    throw registryErrors.REGISTRY_TARGET_NOT_NUMBER({ ...subject, given: `text such as "${answers.texts[0]}"` });
  }
  const given = answers.values.find((value) => Math.abs(value) > largestTarget);
  if (given !== undefined) throw registryErrors.REGISTRY_TARGET_TOO_LARGE({ ...subject, given, most: largestTarget });
  return { target: { name: answers.name, kind: answers.kind, labels: [] }, targets: answers.values };
}

function classTarget(subject: TrainingSubject, answers: TableColumn): { target: TargetColumn; targets: Float64Array } {
  const { kind } = answers;
  const present = [...new Set(answers.values)];
  const textOf = (value: number): string => {
    if (kind === "category") return answers.texts[value]!;
    return kind === "boolean" ? String(value === 1) : String(value);
  };
  const sorted = present.sort(kind === "category" ? (a, b) => compareTexts(textOf(a), textOf(b)) : (a, b) => a - b);
  const labels = sorted.map(textOf);
  if (labels.length < 2) throw registryErrors.REGISTRY_ONE_CLASS({ ...subject, label: labels[0]! });
  if (labels.length > mostClasses) {
    throw registryErrors.REGISTRY_TOO_MANY_CLASSES({ ...subject, classes: labels.length, most: mostClasses });
  }
  const numberOf = new Map(sorted.map((value, at) => [value, at]));
  return { target: { name: answers.name, kind, labels }, targets: answers.values.map((value) => numberOf.get(value)!) };
}

/** By code unit: the same on every machine, whatever its language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** What the training rows answer. */
interface Answers {
  targets: Float64Array;
  classes: number;
  train: Uint32Array;
}

interface EncodedFeature {
  column: FeatureColumn;
  values: Float64Array;
}

/**
 * Texts get codes in the order of what the training rows with them answer, so that one threshold can divide them as well
 * as any set could. Texts too rare to say anything count as missing.
 */
function encodeFeature(column: TableColumn, { targets, classes, train }: Answers): EncodedFeature {
  const { name, kind, values, texts } = column;
  if (kind !== "category") return { column: { name, kind, categories: [] }, values };
  const least = Math.min(10, Math.max(2, Math.floor(train.length / 20)));
  const ranked = rankTexts(
    texts.length,
    classes,
    train.values().map((row) => [values[row]!, targets[row]!] as const),
  )
    .filter((each) => each.rows >= least)
    .sort((a, b) => a.rank - b.rank || compareTexts(texts[a.text]!, texts[b.text]!));
  const codes = new Float64Array(texts.length).fill(NaN);
  for (const [code, { text }] of ranked.entries()) codes[text] = code;
  return {
    column: { name, kind, categories: ranked.map(({ text }) => texts[text]!) },
    values: values.map((value) => (Number.isNaN(value) ? NaN : codes[value]!)),
  };
}

/** A text's rank: its rows' mean answer; of several classes the most frequent, then how frequent that is. */
function rankTexts(
  texts: number,
  classes: number,
  rows: Iterable<readonly [text: number, answer: number]>,
): { text: number; rank: number; rows: number }[] {
  const votes = Array.from({ length: texts }, () => new Float64Array(Math.max(1, classes)));
  const sums = new Float64Array(texts);
  const counts = new Float64Array(texts);
  for (const [text, answer] of rows) {
    if (Number.isNaN(text)) continue;
    counts[text]!++;
    sums[text]! += answer;
    if (classes > 0) votes[text]![answer]!++;
  }
  return votes.map((vote, text) => {
    const most = Math.max(...vote);
    const rank = classes > 2 ? vote.indexOf(most) + most / (counts[text]! + 1) : sums[text]! / counts[text]!;
    return { text, rank, rows: counts[text]! };
  });
}
