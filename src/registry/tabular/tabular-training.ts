import { Boosting, type Round } from "./boosting.ts";
import { evaluate } from "./evaluate.ts";
import { type TrainingSubject, prepareTraining } from "./prepare-training.ts";
import type { TableColumn } from "./table.ts";
import type { TabularModel } from "./tabular-model.ts";
import type { TabularParameters } from "./tabular-parameters.ts";

export interface TabularResult {
  model: TabularModel;
  /** Scores on the rows that were kept out: accuracy and logLoss, or r2 and rmse. */
  metrics: Record<string, number>;
}

export interface TrainingStart {
  parameters: TabularParameters;
  /** What an earlier training on the same table and parameters had reached. */
  checkpoint?: TabularModel | undefined;
}

/**
 * A training under way.
 *
 * ```ts
 * const training = new TabularTraining({ model: "drink-price", target: "price" }, table, { parameters });
 * while (!training.finished) report(training.step());
 * const { model, metrics } = training.result();
 * ```
 */
export class TabularTraining {
  readonly rounds: number;
  readonly #prepared: ReturnType<typeof prepareTraining>;
  readonly #boosting: Boosting;

  constructor(subject: TrainingSubject, table: readonly TableColumn[], { parameters, checkpoint }: TrainingStart) {
    this.#prepared = prepareTraining(subject, table, parameters);
    this.rounds = parameters.rounds;
    const rows = this.#prepared.data.train.length;
    const minLeafRows = parameters.minLeafRows ?? Math.min(20, Math.max(2, Math.floor(rows / 20)));
    this.#boosting = new Boosting(this.#prepared.data, { ...parameters, minLeafRows }, checkpoint?.ensemble);
  }

  get finished(): boolean {
    return this.#boosting.finished;
  }

  step(): Round {
    return this.#boosting.step();
  }

  /** The model as far as it has come: what another process goes on from. */
  checkpoint(): TabularModel {
    const { task, columns, target } = this.#prepared;
    return { task, columns, target, ensemble: this.#boosting.ensemble };
  }

  result(): TabularResult {
    const ensemble = this.#boosting.best();
    return { model: { ...this.checkpoint(), ensemble }, metrics: evaluate(ensemble, this.#prepared) };
  }
}
