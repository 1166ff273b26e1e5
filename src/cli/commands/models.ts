import type { Command } from "../command.ts";
import { withProject } from "../project-here.ts";
import { modelsPull } from "./models-pull.ts";
import { modelsPush } from "./models-push.ts";

export const models: Command = {
  name: "models",
  summary: "List the models that the project serves, with their versions.",
  usage: "cortado models",
  example: "cortado models",
  subcommands: [modelsPull, modelsPush],
  run: ({ directory }) =>
    withProject(directory, async ({ services }) => {
      await services.models.settled();
      const listed = services.models.list();
      if (listed.length === 0) console.log("The project serves no models.");
      for (const model of listed) {
        console.log(model.name);
        for (const { version, state } of services.models.versions(model.name)) console.log(`  ${version}  ${state}`);
      }
    }),
};
