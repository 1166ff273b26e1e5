import { userModel, validatePassword } from "#auth";
import { ask } from "../ask.ts";
import { askNewPassword } from "../ask-new-password.ts";
import { type Command, textOption } from "../command.ts";
import { withProject } from "../project-here.ts";

export const createsuperuser: Command = {
  name: "createsuperuser",
  summary: "Make a user who may do everything.",
  usage: "cortado createsuperuser [--username NAME] [--email ADDRESS]",
  example: "cortado createsuperuser --username ada --email ada@example.com",
  options: {
    username: { type: "string", value: "NAME", about: "The user's name." },
    email: { type: "string", value: "ADDRESS", about: "The user's e-mail address." },
  },
  run: (invocation) =>
    withProject(invocation.directory, async () => {
      const answer = (name: string, question: string) => textOption(invocation, name) ?? ask(question, { flag: `--${name}` });
      const username = await answer("username", "Username:");
      const email = await answer("email", "E-mail address:");
      const password = await askNewPassword();
      validatePassword(password, { username, email });
      await userModel().objects.createSuperuser({ username, email, password });
      console.log(`Made the superuser ${username}.`);
    }),
};
