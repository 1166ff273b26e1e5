import type { EmailMessage } from "./email-message.ts";

/** A message, ready to go. */
export interface Delivery {
  readonly message: EmailMessage;
  /** Whom the mail server is told of, hidden recipients included; bare addresses. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The message as it goes over the wire. */
  readonly raw: Buffer;
}

/** What became of a message that was taken. */
export interface Receipt {
  /** The recipients that the mail server refused, where it took the message for others. */
  readonly refused?: readonly string[];
}

/**
 * Where messages go. Give one of your own in the setting `mailers`.
 *
 * ```ts
 * const own: MailBackend = { deliver: async ({ envelope, raw }) => console.log(envelope.to, raw.length) };
 * useMailers({ default: own }, { from: "shop@example.com" });
 * ```
 */
export interface MailBackend {
  /** Takes a message. What it throws reaches the sender, unless he fails silently. */
  deliver(delivery: Delivery): Promise<Receipt | void>;
  /** Lets connections go; the mailer is not used afterwards. */
  close?(): Promise<void>;
}
