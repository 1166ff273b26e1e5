import { projectUrls } from "#app";
import { Resolver } from "#http";
import type { Command } from "../command.ts";
import { projectHere } from "../project-here.ts";

export const routes: Command = {
  name: "routes",
  summary: "List the project's addresses in the order in which they are tried.",
  usage: "cortado routes",
  example: "cortado routes",
  async run({ directory }) {
    const listed = new Resolver(projectUrls(await projectHere(directory))).routes();
    const width = Math.max(0, ...listed.map(({ route }) => route.length));
    for (const { route, name, view } of listed)
      console.log(`${route.padEnd(width)}  ${(name ?? "").padEnd(24)}  ${view}`.trimEnd());
  },
};
