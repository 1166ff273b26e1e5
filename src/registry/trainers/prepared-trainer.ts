import type { ProjectSettings } from "#kernel";
import type { Trainer } from "#serving";
import type { Rows } from "../dataset/write-dataset.ts";
import type { TrainingJob } from "./training-job.ts";

/** A trainer that the registry can run. */
export interface PreparedTrainer extends Trainer {
  /** The rows to learn from; absent for a trainer that brings its own. */
  readonly rows?: (() => Rows) | undefined;
  /** What of each row is written down; absent for every column. */
  readonly columns?: readonly string[] | undefined;
  /**
   * Checks a run's parameters and says what the trainer process shall do.
   * @throws REGISTRY_BAD_PARAMETERS
   */
  prepare(model: string, parameters: unknown, settings: ProjectSettings): TrainingJob["work"] | Promise<TrainingJob["work"]>;
}

export function isPreparedTrainer(trainer: Trainer | undefined): trainer is PreparedTrainer {
  return trainer !== undefined && "prepare" in trainer;
}
