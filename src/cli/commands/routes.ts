import { Resolver } from "#http";
import type { Command } from "../command.ts";
import { projectHere } from "../project-here.ts";

export const routes: Command = {
  name: "routes",
  summary: "List the project's addresses in the order in which they are tried.",
  usage: "cortado routes",
  example: "cortado routes",
  async run({ directory }) {
    const { urls = [] } = await projectHere(directory);
    const listed = new Resolver(urls).list();
    const width = Math.max(0, ...listed.map(({ pattern }) => pattern.length));
    for (const { pattern, name } of listed) console.log(`/${pattern.padEnd(width)}  ${name ?? ""}`.trimEnd());
  },
};
