import type { Delivery, Receipt } from "./mail-backend.ts";

/** A message that a mailer took. */
export interface SentMail extends Delivery, Receipt {
  /** Counts the messages of this process from 1. */
  readonly id: number;
  readonly at: Date;
  /** The mailer's alias. */
  readonly using: string;
}

type Listener = (sent: SentMail) => void;

let listeners: readonly Listener[] = [];
let count = 0;

/**
 * Calls a function for every message that a mailer took, whichever it was. Gives the function that ends it.
 *
 * ```ts
 * const stop = onMessage(({ message, envelope }) => console.log(String(message.subject), envelope.to));
 * ```
 */
export function onMessage(listener: Listener): () => void {
  listeners = [...listeners, listener];
  return () => void (listeners = listeners.filter((one) => one !== listener));
}

export function announce(delivery: Delivery & Receipt, using: string): void {
  const sent = { ...delivery, id: ++count, at: new Date(), using };
  for (const listener of listeners) listener(sent);
}

/**
 * The last messages, the newest first, kept from here on until `stop()`.
 *
 * ```ts
 * const kept = keepSentMail(100);
 * kept.messages[0]?.message.html;
 * ```
 */
export function keepSentMail(limit = 200): { readonly messages: readonly SentMail[]; stop(): void } {
  const messages: SentMail[] = [];
  const stop = onMessage((sent) => {
    messages.unshift(sent);
    if (messages.length > limit) messages.pop();
  });
  return { messages, stop };
}
