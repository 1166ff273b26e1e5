import { setTimeout as sleep } from "node:timers/promises";
import type { Services } from "#kernel";
import type { RowSource } from "#validation";
import { registryErrors } from "../errors.ts";
import { Prediction } from "../models.ts";
import { WRITE_AFTER } from "./prediction-recorder.ts";

/** Milliseconds in which another web process writes down what it has answered. */
const WRITTEN_AFTER = 2 * WRITE_AFTER;

/** The right answer to one item of a recorded prediction. */
export interface Feedback {
  /** What was asked. */
  item: any;
  /** What the model answered. */
  answer: any;
  /** What it should have answered. */
  rightAnswer: any;
  version: string;
  /** When the right answer was given. */
  given: Date;
}

/** The right answers to a prediction, and who gives them. */
interface GivenFeedback {
  model: string;
  /** The id of the prediction's answer. */
  id: string;
  /** One for each item, in their order. */
  answers: readonly unknown[];
  by?: string | undefined;
}

/**
 * Gives the right answers to a recorded prediction. Given again, they replace the earlier ones.
 * @throws REGISTRY_UNKNOWN_PREDICTION, REGISTRY_BAD_FEEDBACK
 */
export async function giveFeedback(services: Services, { model, id, answers, by = "" }: GivenFeedback): Promise<Prediction> {
  const isRecorded = Boolean(services.models.glance(model).handler?.options.record);
  // What this process has answered a moment ago may still wait to be written.
  await services.predictions?.settled(id);
  let row = await findPrediction(model, id);
  if (row === undefined && isRecorded) {
    await sleep(WRITTEN_AFTER);
    row = await findPrediction(model, id);
  }
  if (row === undefined) {
    throw registryErrors.REGISTRY_UNKNOWN_PREDICTION({ model, id, isRecorded });
  }
  if (row.items.length !== answers.length) {
    const problem = `has ${answers.length} right answers, and the prediction has ${row.items.length} items`;
    throw registryErrors.REGISTRY_BAD_FEEDBACK({ problem });
  }
  Object.assign(row, { rightAnswers: answers, givenBy: by, given: new Date() });
  await row.save();
  return row;
}

async function findPrediction(model: string, key: string): Promise<Prediction | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key)) return undefined;
  return (await Prediction.objects.filter({ model, key }).first()) ?? undefined;
}

/**
 * The right answers that were given to a model's predictions, as rows to learn from: each item with its right answer,
 * in the order in which they were predicted.
 *
 * ```ts
 * train: tabular({
 *   rows: () => feedbackRows("drink-price", ({ item, rightAnswer }) => ({ ...item, price: rightAnswer.price })),
 *   target: "price",
 *   features: ["name", "isIce"],
 * })
 * ```
 */
export function feedbackRows<Row extends object>(model: string, rowOf: (feedback: Feedback) => Row): RowSource<Row> {
  return {
    description: `feedback of ${model}`,
    async *[Symbol.asyncIterator]() {
      const given = Prediction.objects.filter({ model, given: { isNull: false } }).orderBy("id");
      for await (const { items, answers, rightAnswers, version, given: at } of given.iterator()) {
        for (const [i, item] of items.entries()) {
          yield rowOf({ item, answer: answers[i], rightAnswer: rightAnswers![i], version, given: at! });
        }
      }
    },
  };
}
