import { type Command, jsonOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { withProject } from "../project-here.ts";

export const predict: Command = {
  name: "predict",
  summary: "Ask a model of the project for a prediction.",
  usage: "cortado predict MODEL --input JSON [--version N]",
  example: `cortado predict drink-price --input '{"name": "Latte", "isIce": false}'`,
  arguments: { minimum: 1, maximum: 1 },
  options: {
    input: { type: "string", value: "JSON", about: "The item, as a JSON object." },
    version: { type: "string", value: "N", about: "The version that answers. Default: the alias `default`." },
  },
  run: (invocation) =>
    withProject(invocation.directory, async ({ services }) => {
      const input = jsonOption(predict, invocation, "input");
      if (!input) throw cliErrors.CLI_BAD_ARGUMENT({ command: "predict", problem: "it needs --input", usage: predict.usage });
      const version = textOption(invocation, "version");
      const { outputs, ...answer } = await services.models.predict(invocation.args[0]!, [input], { version });
      console.log(JSON.stringify({ output: outputs[0], model: answer.model, version: answer.version }, null, 2));
    }),
};
