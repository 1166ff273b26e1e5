import type { Command } from "../command.ts";
import { changeLoaded, loadedModelOptions } from "../loaded-model.ts";

export const modelsUnload: Command = {
  name: "models unload",
  summary: "Have a running server let a model go, when what is in flight has been answered.",
  usage: "cortado models unload MODEL [--version N] --url URL",
  example: "cortado models unload digits --url http://127.0.0.1:8080",
  arguments: { minimum: 1, maximum: 1 },
  options: loadedModelOptions,
  run: (invocation) => changeLoaded(modelsUnload, invocation, "unload"),
};
