import { mailer } from "./current-mailers.ts";
import type { EmailMessage } from "./email-message.ts";
import type { Delivery } from "./mail-backend.ts";
import { announce } from "./sent-mail.ts";

/** How messages are sent. */
export interface DeliverOptions {
  /** The mailer's alias in the setting `mailers`: `default` where left out. */
  using?: string | undefined;
  /** Says 0, and does not throw, where the mailer could not take a message. What is wrong in the message itself is still thrown. */
  failSilently?: boolean | undefined;
}

/** Sends messages by one mailer, over one connection where it has one. Gives how many it took. */
export async function deliver(
  messages: readonly EmailMessage[],
  { using = "default", failSilently }: DeliverOptions = {},
): Promise<number> {
  const deliveries = await Promise.all(messages.filter((message) => message.recipients().length > 0).map(prepare));
  if (deliveries.length === 0) return 0;
  try {
    const taken = await mailer(using).deliver(deliveries);
    announce(deliveries.slice(0, taken), using);
    return taken;
  } catch (error) {
    if (failSilently) return 0;
    throw error;
  }
}

async function prepare(message: EmailMessage): Promise<Delivery> {
  return { message, envelope: message.envelope(), raw: await message.mime() };
}
