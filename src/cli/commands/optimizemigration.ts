import { relative } from "node:path";
import { registerProject } from "#app";
import { optimizeMigration } from "#orm/migrations";
import { type Command, hasOption } from "../command.ts";
import { projectHere } from "../project-here.ts";

export const optimizemigration: Command = {
  name: "optimizemigration",
  summary: "Join the operations of a migration that come to less.",
  usage: "cortado optimizemigration APP MIGRATION [--check]",
  example: "cortado optimizemigration homepage 0004",
  arguments: { minimum: 2, maximum: 2 },
  options: { check: { type: "boolean", about: "Write nothing; exit 1 when it could be written shorter." } },
  async run(invocation) {
    const { directory } = invocation;
    const [app, name] = invocation.args as [string, string];
    const { apps } = registerProject(await projectHere(directory));
    const check = hasOption(invocation, "check");
    const { before, after, written } = await optimizeMigration(apps, { app, name, check });
    if (!written) return console.log("Nothing to do: no operations can be joined.");
    console.log(`${relative(directory, written.path)}: ${before} operations ${check ? "could become" : "became"} ${after}.`);
    return check ? 1 : 0;
  },
};
