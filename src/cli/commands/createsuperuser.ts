import { createSuperuser } from "#auth";
import type { Command, Invocation } from "../command.ts";
import { ask } from "../ask.ts";
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
      const username = await answer(invocation, "username", "Username:");
      const email = await answer(invocation, "email", "E-mail address:");
      const password = process.env["CORTADO_SUPERUSER_PASSWORD"] ?? (await askTwice());
      await createSuperuser({ username, email, password });
      console.log(`Made the superuser ${username}.`);
    }),
};

async function answer({ options }: Invocation, name: string, question: string): Promise<string> {
  return (options[name] as string | undefined) ?? ask(question, { flag: `--${name}` });
}

/** A new password, typed twice until both agree. */
export async function askTwice(): Promise<string> {
  for (;;) {
    const flag = "set CORTADO_SUPERUSER_PASSWORD";
    const first = await ask("Password:", { flag, hidden: true });
    if (first === (await ask("Password (again):", { flag, hidden: true }))) return first;
    console.error("The two differ. Once more.");
  }
}
