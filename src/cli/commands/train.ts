import { runEvents, startRun, waitForRun } from "#registry";
import { type Command, jsonOption } from "../command.ts";
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
      const parameters = jsonOption(train, invocation, "parameters") ?? {};
      const started = await startRun(services, invocation.args[0]!, parameters);
      for await (const event of runEvents(started.id)) console.log(`${event.kind}  ${JSON.stringify(event.data)}`);
      const run = await waitForRun(started);
      if (run.state === "succeeded") console.log(`${run.model} has version ${run.version}.`);
      else console.error(`The run ended as ${run.state}${run.error ? `: ${run.error.message}` : "."}`);
      return run.state === "succeeded" ? 0 : 1;
    }),
};
