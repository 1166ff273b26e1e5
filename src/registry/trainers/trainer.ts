import type { StandardSchema, Trainer } from "#serving";
import type { Rows } from "../dataset/write-dataset.ts";
import { registryErrors } from "../errors.ts";
import { parseParameters } from "./parse-parameters.ts";
import type { PreparedTrainer } from "./prepared-trainer.ts";
import type { TrainingContext } from "./training-context.ts";

export interface TrainerOptions<Parameters> {
  /** Checks a run's parameters. Without it they are any object. */
  parameters?: StandardSchema<any, Parameters>;
  /** Rows for the dataset; all their columns are written. */
  rows?: () => Rows;
  /** Trains, in a process of its own that opens no database. What it leaves in `directory` is the artifact. */
  run: (context: TrainingContext<Parameters>) => Promise<Record<string, number> | void>;
}

export interface CustomTrainer<Parameters = any> extends PreparedTrainer, Trainer {
  readonly kind: "custom";
  readonly options: Readonly<TrainerOptions<Parameters>>;
}

/**
 * A trainer of one's own. `run` may answer final metrics.
 *
 * ```ts
 * train: trainer({
 *   parameters: z.object({ epochs: z.int().default(3) }),
 *   rows: () => Review.objects.all(),
 *   run: async ({ dataset, directory, parameters, progress, metric, signal }) => { … },
 * })
 * ```
 */
export function trainer<Parameters = Record<string, unknown>>(options: TrainerOptions<Parameters>): CustomTrainer<Parameters> {
  return Object.freeze({
    kind: "custom",
    options,
    rows: options.rows,
    async prepare(model, given, { configFile }) {
      if (configFile === undefined)
        throw registryErrors.REGISTRY_TRAINER_NOT_FOUND({ model, configFile: "The project's (unknown) file" });
      return { kind: "custom", configFile, parameters: await parseParameters(model, options.parameters, given) };
    },
  } satisfies CustomTrainer<Parameters>);
}

export function isCustomTrainer(trainer: Trainer | undefined): trainer is CustomTrainer {
  return trainer?.kind === "custom" && "options" in trainer;
}
