import type { EmailMessage } from "./email-message.ts";
import type { Delivery, MailBackend } from "./mail-backend.ts";

const messages: EmailMessage[] = [];

/**
 * The messages that `memory:` mailers took, the oldest first. A test site uses no other mailer, and empties it when it opens.
 *
 * ```ts
 * console.log(outbox().map((message) => message.subject));
 * ```
 */
export function outbox(): readonly EmailMessage[] {
  return messages;
}

/** Forgets what was sent so far. */
export function clearOutbox(): void {
  messages.length = 0;
}

/** Keeps messages in memory: `memory:`. */
export class MemoryMailer implements MailBackend {
  async deliver({ message }: Delivery): Promise<void> {
    messages.push(message);
  }
}
