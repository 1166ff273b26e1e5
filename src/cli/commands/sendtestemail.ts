import { hostname } from "node:os";
import { EmailMessage, mailAdmins, mailManagers } from "#mail";
import { cliErrors } from "../errors.ts";
import { type Command, hasOption, textOption } from "../command.ts";
import { withTables } from "../project-here.ts";

export const sendtestemail: Command = {
  name: "sendtestemail",
  summary: "Send a message to see whether mail goes out.",
  usage: "cortado sendtestemail [ADDRESS]… [--admins] [--managers] [--using MAILER]",
  example: "cortado sendtestemail ada@example.com",
  arguments: { minimum: 0, maximum: 100 },
  options: {
    admins: { type: "boolean", about: "Also to the people of the setting admins." },
    managers: { type: "boolean", about: "Also to the people of the setting managers." },
    using: { type: "string", value: "MAILER", about: "The mailer's name in the setting mailers: default." },
  },
  run: (invocation) =>
    withTables(invocation.directory, async () => {
      const [toAdmins, toManagers] = [hasOption(invocation, "admins"), hasOption(invocation, "managers")];
      const { args: to } = invocation;
      if (to.length === 0 && !toAdmins && !toManagers)
        throw cliErrors.CLI_BAD_ARGUMENT({
          command: "sendtestemail",
          problem: "it needs an address, --admins or --managers",
          usage: sendtestemail.usage,
        });
      const using = textOption(invocation, "using");
      const subject = `Test message from ${hostname()} at ${new Date().toISOString()}`;
      const body = "If you read this, mail goes out.";
      let sent = await new EmailMessage({ subject, body, to }).send({ using });
      if (toAdmins) sent += await mailAdmins(subject, body, { using });
      if (toManagers) sent += await mailManagers(subject, body, { using });
      console.log(sent === 1 ? "1 message was sent." : `${sent} messages were sent.`);
      return sent === 0 ? 1 : 0;
    }),
};
