import { type Command, textOption } from "../command.ts";
import { deskOptions, withDesk } from "../model-desk.ts";
import { aliasOption, lineOf } from "./models-promote.ts";

export const modelsRollback: Command = {
  name: "models rollback",
  summary: "Take an alias back: end its canary, or let it name the version that it named before.",
  usage: "cortado models rollback MODEL [--alias NAME] [--url URL | --dir DIR]",
  example: "cortado models rollback digits",
  arguments: { minimum: 1, maximum: 1 },
  options: { alias: aliasOption, ...deskOptions },
  run: (invocation) =>
    withDesk(modelsRollback, invocation, async (desk) => {
      const alias = textOption(invocation, "alias") ?? "default";
      const [name] = invocation.args as [string];
      console.log(lineOf(name, alias, await desk.rollBack(name, alias)));
    }),
};
