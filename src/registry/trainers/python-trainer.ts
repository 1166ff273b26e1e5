import type { PythonPlace, StandardSchema, Trainer } from "#serving";
import type { Rows } from "../dataset/write-dataset.ts";
import { parseParameters } from "./parse-parameters.ts";
import type { PreparedTrainer } from "./prepared-trainer.ts";

export interface PythonTrainerOptions<Parameters> extends PythonPlace {
  /** The file whose `train` trains: `"models/churn.py"`, from the project's folder. */
  module: string;
  /** Checks a run's parameters. Without it they are any object. */
  parameters?: StandardSchema<any, Parameters>;
  /** Rows for the dataset. */
  rows?: () => Rows;
  /** The columns that are written; `roaster.country` follows a relation. Default: all. */
  columns?: readonly string[];
}

export interface PythonTrainer<Parameters = any> extends PreparedTrainer, Trainer {
  readonly kind: "python";
  readonly options: Readonly<PythonTrainerOptions<Parameters>>;
}

/**
 * Trains in Python. `train(training)` of the module is given the rows, the parameters and an empty folder, and tells of its
 * progress; what it leaves in the folder is the artifact, and what it returns are the metrics.
 *
 * ```ts
 * const place = { module: "models/price.py" };
 *
 * export const price = handler({
 *   name: "price",
 *   runtime: python(place),
 *   train: pythonTrainer({ ...place, rows: () => Coffee.objects.all() }),
 * });
 * ```
 * ```py
 * def train(training):
 *     prices = [row["price"] for row in training.dataset]
 *     with open(training.directory + "/mean.json", "w") as file:
 *         json.dump(sum(prices) / len(prices), file)
 *     return {"rows": len(prices)}
 * ```
 */
export function pythonTrainer<Parameters = Record<string, unknown>>(
  options: PythonTrainerOptions<Parameters>,
): PythonTrainer<Parameters> {
  const { parameters: schema, rows, columns, ...place } = options;
  return Object.freeze({
    kind: "python",
    options,
    rows,
    columns,
    async prepare(model, given, { root }) {
      return { kind: "python", place, root, parameters: await parseParameters(model, schema, given) };
    },
  } satisfies PythonTrainer<Parameters>);
}

export function isPythonTrainer(trainer: Trainer | undefined): trainer is PythonTrainer {
  return trainer?.kind === "python" && "options" in trainer;
}
