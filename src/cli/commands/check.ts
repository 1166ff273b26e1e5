import { checkProject, keepModelTypes, keepTemplateTypes } from "#app";
import type { CheckMessage } from "#kernel";
import { type Command, hasOption, type Invocation, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { printChecks } from "../print-checks.ts";
import { withProject } from "../project-here.ts";

export const check: Command = {
  name: "check",
  summary: "Verify the project before it starts; with --deploy also what is unsafe.",
  usage: "cortado check [--deploy] [--fail-level LEVEL]",
  example: "SECRET_KEY=… cortado check --deploy --fail-level warning",
  options: {
    deploy: { type: "boolean", about: "Look at the project as in production, and at what is unsafe there." },
    "fail-level": { type: "string", value: "LEVEL", about: "Exit 1 from this level on: error (the default) or warning." },
  },
  async run(invocation) {
    const level = failLevel(invocation);
    const deploy = hasOption(invocation, "deploy");
    if (deploy) process.env["CORTADO_ENV"] = "production";
    return withProject(invocation.directory, async (open) => {
      const found = await checkProject(open, { deploy });
      if (!deploy) for (const keep of [keepTemplateTypes, keepModelTypes]) await keep(open);
      printChecks(found);
      if (found.length === 0) console.log("Nothing to mend.");
      return found.some((message) => message.level === "error" || message.level === level) ? 1 : 0;
    });
  },
};

/** @throws CLI_BAD_ARGUMENT */
function failLevel(invocation: Invocation): CheckMessage["level"] {
  const level = textOption(invocation, "fail-level") ?? "error";
  if (level === "error" || level === "warning") return level;
  const problem = `--fail-level is "${level}", and is error or warning`;
  throw cliErrors.CLI_BAD_ARGUMENT({ command: check.name, problem, usage: check.usage });
}
