import { type Check, type CheckMessage, checkMessage, CortadoError, type ProjectSettings } from "#kernel";
import { SmtpMailer, smtpPackage } from "./backends/smtp.ts";
import { mailErrors } from "./errors.ts";
import { parseMailAddress } from "./mail-address.ts";
import { openMailer } from "./open-mailers.ts";

/** What is wrong with the settings about mail. */
export const mailChecks: Check = async (settings) => {
  const found: CheckMessage[] = [];
  const attempt = async (setting: string, run: () => unknown): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof CortadoError)) throw error;
      found.push(checkMessage(error, "error", setting));
    }
  };
  for (const [alias, mailer] of Object.entries(settings.mailers ?? {}))
    if (typeof mailer === "string") await attempt(`mailers.${alias}`, () => tryMailer(mailer, settings.root));
  for (const [setting, address] of addresses(settings)) await attempt(setting, () => parseMailAddress(address, setting));
  if (settings.mode === "production" && settings.admins?.length && settings.mailers?.["default"] === undefined)
    found.push(checkMessage(mailErrors.MAIL_CHECK_NO_MAILER(), "warning", "mailers"));
  return found;
};

/** Opens a mailer, and loads what it would load for the first message. */
async function tryMailer(url: string, root: string): Promise<void> {
  if (openMailer(url, root) instanceof SmtpMailer) await smtpPackage();
}

function addresses(settings: ProjectSettings): [setting: string, address: string][] {
  const one = ([name, address]: [string, string | undefined]): [string, string][] =>
    address === undefined ? [] : [[name, address]];
  return [
    ...one(["mailFrom", settings.mailFrom]),
    ...one(["serverMailFrom", settings.serverMailFrom]),
    ...(settings.admins ?? []).map((address): [string, string] => ["admins", address]),
    ...(settings.managers ?? []).map((address): [string, string] => ["managers", address]),
  ];
}
