import { type RunNews, runEvents, startRun, waitForRun } from "#registry";
import { type Command, objectOption } from "../command.ts";
import { withProject } from "../project-here.ts";

export const train: Command = {
  name: "train",
  summary: "Train a model here and now, and publish the version.",
  usage: "cortado train MODEL [--parameters JSON]",
  example: `cortado train drink-price --parameters '{"rounds": 50}'`,
  arguments: { minimum: 1, maximum: 1 },
  options: { parameters: { type: "string", value: "JSON", about: "The trainer's parameters, as a JSON object." } },
  run: (invocation) =>
    withProject(invocation.directory, async ({ services }) => {
      const parameters = objectOption(train, invocation, "parameters") ?? {};
      const started = await startRun(services, invocation.args[0]!, parameters);
      for await (const event of runEvents(started.id)) console.log(lineOf(event));
      const run = await waitForRun(started);
      if (run.state === "succeeded")
        console.log([`${run.model} has version ${run.version}`, measures(run.metrics ?? {})].filter(Boolean).join(": "));
      else console.error(`The run ended as ${run.state}${run.error ? `: ${run.error.message}` : "."}`);
      return run.state === "succeeded" ? 0 : 1;
    }),
};

/** `metric  trainLoss 0.031 (step 5)`, `progress  40 of 100`, and what else there is as it is. */
function lineOf({ kind, data }: RunNews): string {
  const { name, value, step, done, total, state, text } = data as Record<string, string | number | undefined>;
  if (kind === "metric")
    return `metric    ${measures({ [name!]: value as number })}${step === undefined ? "" : ` (step ${step})`}`;
  if (kind === "progress") return `progress  ${done} of ${total}`;
  return kind === "state" ? `state     ${state}` : `log       ${text}`;
}

function measures(values: Readonly<Record<string, number>>): string {
  const short = (value: unknown) => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
  return Object.entries(values)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(", ");
}
