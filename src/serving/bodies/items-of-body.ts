import { didYouMean } from "#kernel";
import { servingErrors } from "../errors.ts";
import { describe } from "../tensors/read-json.ts";

/** The items of `{"input": …}`, which is one, or of `{"inputs": […]}`. @throws SERVING_BAD_INPUT */
export function itemsOf(body: Record<string, unknown>): { items: readonly unknown[]; single: boolean } {
  const where = "The body";
  const unknown = Object.keys(body).find((key) => key !== "input" && key !== "inputs");
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, ["input", "inputs"]) ?? 'Put the values inside: {"input": {…}}.';
    throw servingErrors.SERVING_BAD_INPUT({ where, problem: `has "${unknown}"; it takes "input" or "inputs"`, hint });
  }
  const { input, inputs } = body;
  if ((input === undefined) === (inputs === undefined)) {
    const problem = `has ${input === undefined ? "neither" : "both"} of "input" and "inputs", and takes one`;
    throw servingErrors.SERVING_BAD_INPUT({ where, problem, hint: 'One item: {"input": {…}}. Several: {"inputs": [{…}, {…}]}.' });
  }
  if (inputs === undefined) return { items: [input], single: true };
  if (Array.isArray(inputs)) return { items: inputs, single: false };
  throw servingErrors.SERVING_BAD_INPUT({ where: "inputs", problem: `is ${describe(inputs)}, and must be an array of items` });
}
