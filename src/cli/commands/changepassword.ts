import { userModel, validatePassword } from "#auth";
import type { Command } from "../command.ts";
import { askNewPassword } from "../ask-new-password.ts";
import { cliErrors } from "../errors.ts";
import { withProject } from "../project-here.ts";

export const changepassword: Command = {
  name: "changepassword",
  summary: "Give a user a new password.",
  usage: "cortado changepassword USERNAME",
  example: "cortado changepassword ada",
  arguments: { minimum: 1, maximum: 1 },
  run: ({ args, directory }) =>
    withProject(directory, async () => {
      const user = await userModel().objects.filter({ username: args[0]! }).first();
      if (!user) throw cliErrors.CLI_UNKNOWN_USER({ given: args[0]! });
      const password = await askNewPassword();
      validatePassword(password, user);
      await user.setPassword(password);
      await user.save();
      console.log(`${user} has a new password.`);
    }),
};
