import { createToken, tokenScopes, userModel } from "#auth";
import { type Command, listOption, textOption } from "../command.ts";
import { cliErrors } from "../errors.ts";
import { withProject } from "../project-here.ts";

export const createtoken: Command = {
  name: "createtoken",
  summary: "Make a token with which a machine may use the models.",
  usage: "cortado createtoken USERNAME [--scope SCOPE …] [--name NAME]",
  example: "cortado createtoken ada --scope predict --scope train --name nightly",
  arguments: { minimum: 1, maximum: 1 },
  options: {
    scope: {
      type: "string",
      multiple: true,
      value: "SCOPE",
      about: `What it allows: ${tokenScopes.join(", ")}. Default: predict.`,
    },
    name: { type: "string", value: "NAME", about: "What it is for, to know it again." },
  },
  run: (invocation) =>
    withProject(invocation.directory, async () => {
      const user = await userModel().objects.filter({ username: invocation.args[0]! }).first();
      if (!user) throw cliErrors.CLI_UNKNOWN_USER({ given: invocation.args[0]! });
      const given = listOption(invocation, "scope");
      const scopes = given.length > 0 ? given : ["predict"];
      const token = await createToken(user, scopes, { name: textOption(invocation, "name") ?? "" });
      console.log(token);
      console.error("It is shown this once: only its hash is kept.");
    }),
};
