import type { Command } from "../command.ts";
import { modelsDescribe } from "./models-describe.ts";
import { modelsDoctor } from "./models-doctor.ts";
import { modelsList } from "./models-list.ts";
import { modelsLoad } from "./models-load.ts";
import { modelsPromote } from "./models-promote.ts";
import { modelsPull } from "./models-pull.ts";
import { modelsPush } from "./models-push.ts";
import { modelsRollback } from "./models-rollback.ts";
import { modelsUnload } from "./models-unload.ts";

export const models: Command = {
  ...modelsList,
  name: "models",
  usage: "cortado models [COMMAND]",
  example: "cortado models",
  summary: "List the models and their versions; look at one, measure, promote, roll back, pull and push.",
  subcommands: [
    modelsList,
    modelsDescribe,
    modelsPromote,
    modelsRollback,
    modelsLoad,
    modelsUnload,
    modelsDoctor,
    modelsPull,
    modelsPush,
  ],
};
