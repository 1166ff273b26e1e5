import type { Command } from "../command.ts";
import { changeLoaded, loadedModelOptions } from "../loaded-model.ts";

export const modelsLoad: Command = {
  name: "models load",
  summary: "Have a running server load a model, or load it again where its files have changed.",
  usage: "cortado models load MODEL [--version N] --url URL",
  example: "cortado models load digits --url http://127.0.0.1:8080",
  arguments: { minimum: 1, maximum: 1 },
  options: loadedModelOptions,
  run: (invocation) => changeLoaded(modelsLoad, invocation, "load"),
};
