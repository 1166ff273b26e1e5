import { checkProject, keepTemplateTypes } from "#app";
import type { Command } from "../command.ts";
import { printChecks } from "../print-checks.ts";
import { withProject } from "../project-here.ts";

export const check: Command = {
  name: "check",
  summary: "Verify the project: models, migrations, addresses, templates, admin, handlers.",
  usage: "cortado check",
  example: "cortado check",
  run: ({ directory }) =>
    withProject(directory, async (open) => {
      const found = await checkProject(open);
      await keepTemplateTypes(open);
      printChecks(found);
      if (found.length === 0) console.log("Nothing to mend.");
      return found.some((message) => message.level === "error") ? 1 : 0;
    }),
};
