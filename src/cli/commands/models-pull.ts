import { defaultModelCache, pullModels } from "#serving";
import { type Command, textOption } from "../command.ts";
import { sourceOptions, sourceSettings } from "../source-options.ts";

const { poll: _poll, ...options } = sourceOptions;

export const modelsPull: Command = {
  name: "models pull",
  summary: "Bring the versions of a source into a folder of models.",
  usage: "cortado models pull ADDRESS [DIR] [--model NAME] [--version N]",
  example: "cortado models pull s3://bucket/models models",
  arguments: { minimum: 1, maximum: 2 },
  options: {
    model: { type: "string", value: "NAME", about: "The model that the address is, where it is one and not a folder of models." },
    version: { type: "string", value: "N", about: "The only version to bring. Default: all." },
    ...options,
  },
  async run(invocation) {
    const [source, directory = "models"] = invocation.args;
    const settings = sourceSettings(modelsPull, invocation);
    const pulled = await pullModels(source!, directory, {
      ...settings,
      cache: settings.cache ?? defaultModelCache(),
      model: textOption(invocation, "model"),
      version: textOption(invocation, "version"),
    });
    for (const { model, version, directory: place, present } of pulled)
      console.log(`${model} ${version}  ${place}${present ? "  (was there)" : ""}`);
    if (pulled.length === 0) console.log("The source has no versions.");
  },
};
