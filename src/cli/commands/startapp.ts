import { startApp } from "#app";
import type { Command } from "../command.ts";
import { projectHere } from "../project-here.ts";

export const startapp: Command = {
  name: "startapp",
  summary: "Make a new app in this project and list it in cortado.config.ts.",
  usage: "cortado startapp NAME",
  example: "cortado startapp homepage",
  arguments: { minimum: 1, maximum: 1 },
  async run({ args, directory }) {
    const project = await projectHere(directory);
    const { files, listed } = startApp(project, args[0]!);
    for (const file of files) console.log(`wrote ${file}`);
    if (listed) console.log("listed it in cortado.config.ts");
    else console.log(`Add it to the apps of cortado.config.ts:\n  import ${args[0]} from "./${args[0]}/app.ts";`);
  },
};
