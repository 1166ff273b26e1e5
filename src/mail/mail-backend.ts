import type { EmailMessage } from "./email-message.ts";

/** A message, ready to go. */
export interface Delivery {
  readonly message: EmailMessage;
  /** Whom the mail server is told of, hidden recipients included; bare addresses. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** The message as it goes over the wire. */
  readonly raw: Buffer;
}

/**
 * Where messages go. Give one of your own in the setting `mailers`.
 *
 * ```ts
 * mailers: { default: { deliver: async (deliveries) => { await post(deliveries); return deliveries.length; } } }
 * ```
 */
export interface MailBackend {
  /** Takes messages, and says how many of them it took. What it throws reaches the sender, unless he fails silently. */
  deliver(deliveries: readonly Delivery[]): Promise<number>;
  /** Lets connections go; the mailer is not used afterwards. */
  close?(): Promise<void>;
}
