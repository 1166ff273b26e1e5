/**
 * How it works.
 *
 * Gradient boosting: each round grows one small tree per output on the derivatives of the loss at the present scores, and
 * adds it. Columns are binned once (at most 255 values and one bin for what is missing), so a node's best split is
 * found in sums over bins instead of over rows; a child's sums are its parent's less its sibling's.
 *
 * Nothing is drawn at random after the rows were divided, and scores can be added up again from the trees. So the trees
 * are the whole state: a training that goes on from them in another process ends with the same bits.
 */
import { binColumn } from "./bins.ts";
import { type Loss, lossFor } from "./loss.ts";
import { type Tree, addTree } from "./tree.ts";
import { TreeGrower } from "./tree-grower.ts";

/** The trees of a model. Tree `t` belongs to output `t % base.length`; a score is its base and what its trees add. */
export interface Ensemble {
  base: Float64Array;
  trees: Tree[];
}

export interface BoostingOptions {
  rounds: number;
  learningRate: number;
  maxLeaves: number;
  minLeafRows: number;
  l2: number;
  /** Stops when the validation rows' loss has not become smaller for so many rounds. */
  patience: number;
}

/** Columns hold NaN where a value is missing; a class target is its number among the classes. */
export interface BoostingData {
  columns: readonly Float64Array[];
  targets: Float64Array;
  /** How many classes the target has; 0 for a number. */
  classes: number;
  train: Uint32Array;
  /** Rows that decide when to stop; none means that every round is made. */
  validation: Uint32Array;
}

export interface Round {
  round: number;
  /** Mean loss before this round's trees, over the training rows. */
  trainLoss: number;
  /** Mean loss with this round's trees, over the validation rows. */
  validationLoss: number | undefined;
}

/** A training under way. Each `step` is one round; `ensemble` is complete after every one. */
export class Boosting {
  readonly ensemble: Ensemble;
  readonly #options: BoostingOptions;
  readonly #loss: Loss;
  readonly #targets: Float64Array;
  readonly #scores: Float64Array[];
  readonly #derivatives: readonly Float32Array[];
  readonly #grower: TreeGrower;
  readonly #validation: ValidationWatch | undefined;

  /** @param resumeFrom the trees of a training on the same data and options that was stopped. */
  constructor(data: BoostingData, options: BoostingOptions, resumeFrom?: Ensemble) {
    const rows = data.train.length;
    this.#options = options;
    this.#loss = lossFor(data.classes);
    this.#targets = take(data.targets, data.train);
    this.ensemble = resumeFrom ?? { base: this.#loss.base(this.#targets), trees: [] };
    this.#scores = Array.from(this.ensemble.base, (base) => new Float64Array(rows).fill(base));
    this.#derivatives = Array.from({ length: this.#loss.outputs }, () => new Float32Array(2 * rows));
    const trainColumns = data.columns.map((column) => take(column, data.train));
    this.#grower = new TreeGrower(trainColumns.map(binColumn), rows, options);
    if (data.validation.length > 0) this.#validation = new ValidationWatch(data, this.#loss, this.ensemble.base);
    this.#replay(trainColumns);
  }

  get #rounds(): number {
    return this.ensemble.trees.length / this.#loss.outputs;
  }

  /** Every round was made, or the validation loss has not become smaller for long enough. */
  get finished(): boolean {
    const waited = this.#validation ? this.#rounds - this.#validation.bestRound : 0;
    return this.#rounds >= this.#options.rounds || waited >= this.#options.patience;
  }

  step(): Round {
    const trainLoss = this.#loss.derive(this.#targets, this.#scores, this.#derivatives);
    for (let output = 0; output < this.#loss.outputs; output++) {
      this.ensemble.trees.push(this.#grower.grow(this.#derivatives[output]!, this.#scores[output]!));
    }
    const trees = this.ensemble.trees.slice(-this.#loss.outputs);
    return { round: this.#rounds, trainLoss, validationLoss: this.#validation?.add(trees, this.#rounds) };
  }

  /** The trees up to the round that did best on the validation rows; all of them where there are none. */
  best(): Ensemble {
    if (!this.#validation) return this.ensemble;
    const kept = Math.max(1, this.#validation.bestRound) * this.#loss.outputs;
    return { base: this.ensemble.base, trees: this.ensemble.trees.slice(0, kept) };
  }

  /** Adds the trees of a stopped training up in the order in which they were grown. */
  #replay(trainColumns: readonly Float64Array[]): void {
    const { outputs } = this.#loss;
    for (const [at, tree] of this.ensemble.trees.entries()) addTree(tree, trainColumns, this.#scores[at % outputs]!);
    for (let round = 1; round <= this.#rounds; round++) {
      this.#validation?.add(this.ensemble.trees.slice((round - 1) * outputs, round * outputs), round);
    }
  }
}

/** The loss on rows that no tree has seen, and the round at which it was least. */
class ValidationWatch {
  bestRound = 0;
  #bestLoss = Infinity;
  readonly #columns: readonly Float64Array[];
  readonly #targets: Float64Array;
  readonly #loss: Loss;
  readonly #scores: Float64Array[];

  constructor(data: BoostingData, loss: Loss, base: Float64Array) {
    this.#columns = data.columns.map((column) => take(column, data.validation));
    this.#targets = take(data.targets, data.validation);
    this.#loss = loss;
    this.#scores = Array.from(base, (start) => new Float64Array(data.validation.length).fill(start));
  }

  add(trees: readonly Tree[], round: number): number {
    for (const [output, tree] of trees.entries()) addTree(tree, this.#columns, this.#scores[output]!);
    const loss = this.#loss.mean(this.#targets, this.#scores);
    if (loss < this.#bestLoss) [this.#bestLoss, this.bestRound] = [loss, round];
    return loss;
  }
}

/** The values at the given rows. */
export function take(values: Float64Array, rows: Uint32Array): Float64Array {
  const taken = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) taken[at] = values[rows[at]!]!;
  return taken;
}
