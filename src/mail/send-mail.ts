import { mailDefaults } from "./current-mailers.ts";
import { deliver, type DeliverOptions } from "./deliver.ts";
import { EmailMessage, type EmailOptions, type MailText } from "./email-message.ts";

/**
 * Sends one message. Gives 1, or 0 where it has no recipient.
 *
 * ```ts
 * await sendMail({ subject: "Welcome", body: "Good that you are here.", to: "ada@example.com" });
 * ```
 * @throws MAIL_BAD_ADDRESS, MAIL_BAD_HEADER, MAIL_NO_SENDER, MAIL_UNKNOWN_MAILER, MAIL_NOT_SENT
 */
export function sendMail({ using, failSilently, ...email }: EmailOptions & DeliverOptions): Promise<number> {
  return new EmailMessage(email).send({ using, failSilently });
}

/**
 * Sends several messages over one connection. Gives how many were taken.
 *
 * ```ts
 * const readers = ["ada@example.com", "bo@example.com"];
 * await sendMassMail(readers.map((to) => ({ subject: "News", body: "Latte is cheaper.", to })));
 * ```
 */
export function sendMassMail(messages: readonly (EmailMessage | EmailOptions)[], options: DeliverOptions = {}): Promise<number> {
  const made = messages.map((message) => (message instanceof EmailMessage ? message : new EmailMessage(message)));
  return deliver(made, options);
}

/** What `mailAdmins()` takes beside subject and text. */
export interface StaffMailOptions extends DeliverOptions {
  html?: MailText | undefined;
}

/** Writes to the people of the setting `admins`; the setting `mailSubjectPrefix` stands before the subject. */
export function mailAdmins(subject: MailText, body: MailText, options: StaffMailOptions = {}): Promise<number> {
  return mailStaff(mailDefaults().admins, { subject, body }, options);
}

/** Writes to the people of the setting `managers`. */
export function mailManagers(subject: MailText, body: MailText, options: StaffMailOptions = {}): Promise<number> {
  return mailStaff(mailDefaults().managers, { subject, body }, options);
}

async function mailStaff(
  to: readonly string[] = [],
  { subject, body }: { subject: MailText; body: MailText },
  { html, ...options }: StaffMailOptions,
): Promise<number> {
  const { subjectPrefix = "[Cortado] ", serverFrom, from } = mailDefaults();
  if (to.length === 0) return 0;
  return new EmailMessage({ subject: `${subjectPrefix}${subject}`, body, html, to, from: serverFrom ?? from }).send(options);
}
