import { defineErrors, didYouMean } from "#kernel";

/** The errors of mail, by code. */
export const mailErrors = defineErrors({
  /** A header of a message holds a line break, or may not be set by hand. */
  MAIL_BAD_HEADER: (d: { name: string; problem: string }) => ({
    message: `The header ${JSON.stringify(d.name)} of a message ${d.problem}.`,
    hint: "Take line breaks out of what people wrote before it goes into a header.",
  }),
  /** Something is not an e-mail address. */
  MAIL_BAD_ADDRESS: (d: { field: string; given: string }) => ({
    message: `${JSON.stringify(d.given)} in \`${d.field}\` is not an e-mail address.`,
    hint: 'Write one address a text: "ada@example.com" or "Ada <ada@example.com>"; several as an array.',
  }),
  /** A message names no sender and the project has no default. */
  MAIL_NO_SENDER: (d: { subject: string }) => ({
    message: `The message ${JSON.stringify(d.subject)} names no sender.`,
    hint: 'Give it one (from: "shop@example.com"), or all of them: the setting mailFrom.',
  }),
  /** An attachment has no content, or its file cannot be read. */
  MAIL_BAD_ATTACHMENT: (d: { name: string; problem: string; cause?: unknown }) => ({
    message: `The attachment ${JSON.stringify(d.name)} cannot be sent: ${d.problem}.`,
    hint: "Give an attachment `content` or the `path` of a file that can be read.",
    cause: d.cause,
  }),
  /** A message is sent by a mailer that is not there. */
  MAIL_UNKNOWN_MAILER: (d: { alias: string; known: readonly string[] }) => ({
    message: `There is no mailer "${d.alias}". Open: ${d.known.join(", ") || "none"}.`,
    hint:
      didYouMean(d.alias, d.known) ??
      `Name it in the project's settings: mailers: { ${d.alias}: "smtp://user:password@mail.example.com:587" }.`,
  }),
  /** The address of a mailer begins with something that no mailer has, or cannot be read. */
  MAIL_BAD_MAILER: (d: { url: string; problem: string; known: readonly string[] }) => ({
    message: `The mailer "${d.url}" cannot be opened: ${d.problem}. Its address can begin with: ${d.known.join(", ")}.`,
    hint: 'For example: "smtp://user:password@mail.example.com:587?tls=required", or "console:".',
  }),
  /** The mail server could not be reached, or refused the message. */
  MAIL_NOT_SENT: (d: { server: string; reason: string; hint: string; cause?: unknown }) => ({
    message: `The mail server ${d.server} did not take the message: ${d.reason}.`,
    hint: d.hint,
    cause: d.cause,
  }),
  /** People are to be told of errors, and nothing sends mail. */
  MAIL_CHECK_NO_MAILER: () => ({
    message: "The setting admins names people to tell of errors, and no mailer is the default.",
    hint: 'Set mailers: { default: env("MAIL_URL") }.',
  }),
});
