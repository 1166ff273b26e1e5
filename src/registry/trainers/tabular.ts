import type { ItemTrainer } from "#serving";
import type { Rows } from "../dataset/write-dataset.ts";
import { registryErrors } from "../errors.ts";
import type { TabularModel } from "../tabular/tabular-model.ts";
import { type TabularParametersInput, tabularParameters } from "../tabular/tabular-parameters.ts";
import { itemToInputs, outputsToAnswer } from "./tabular-items.ts";
import type { PreparedTrainer } from "./prepared-trainer.ts";

/** An item of a tabular model: every feature, null where it is not known. */
export type TabularInput<Feature extends string> = { [K in Feature]: string | number | boolean | null };

/** What a tabular model answers: its target, and for a class how likely each is. */
export type TabularOutput<Target extends string> = { [K in Target]: any } & { probabilities?: Record<string, number> };

export interface TabularOptions<Feature extends string, Target extends string> {
  /** The rows to learn from, asked for when a run begins: `() => Coffee.objects.all()`. */
  rows: () => Rows;
  /** The column to predict. */
  target: Target;
  /** The columns to predict it from; `roaster.country` follows a relation. */
  features: readonly Feature[];
  /** Default: a number is estimated, text and yes or no are classified. */
  task?: TabularModel["task"];
  /** What a run's own parameters start from. */
  parameters?: TabularParametersInput;
}

export interface TabularTrainer<Feature extends string, Target extends string>
  extends ItemTrainer<TabularInput<Feature>, TabularOutput<Target>>, PreparedTrainer {
  readonly kind: "tabular";
  readonly options: Readonly<TabularOptions<Feature, Target>>;
}

/**
 * Learns to predict one column of rows from others, with gradient-boosted trees: numbers, texts, yes or no, missing values.
 * The result is an ONNX file.
 *
 * ```ts
 * export const drinkPrice = handler({
 *   name: "drink-price",
 *   train: tabular({ rows: () => Coffee.objects.all(), target: "price", features: ["name", "isIce", "roaster.country"] }),
 * });
 * await drinkPrice.predict({ name: "Latte", isIce: true, "roaster.country": null }); // { price: 4312.5 }
 * ```
 */
export function tabular<const Feature extends string, const Target extends string>(
  options: TabularOptions<Feature, Target>,
): TabularTrainer<Feature, Target> {
  const { target, features, task } = options;
  return Object.freeze({
    kind: "tabular",
    options,
    rows: options.rows,
    columns: [...features, target],
    prepare(model: string, given: unknown) {
      const parsed = tabularParameters.safeParse({ ...options.parameters, ...(given as object) });
      if (parsed.success) return { kind: "tabular", target, features, task, parameters: parsed.data } as const;
      const problems = parsed.error.issues.map((issue) => [...issue.path, issue.message].join(": "));
      const hint = `It takes: ${Object.keys(tabularParameters.shape).join(", ")}.`;
      throw registryErrors.REGISTRY_BAD_PARAMETERS({ model, problems, hint });
    },
    preprocess: itemToInputs,
    postprocess: (outputs, _item, version) => outputsToAnswer(outputs, version) as TabularOutput<Target>,
  } satisfies TabularTrainer<Feature, Target>);
}
