import { mailer } from "./current-mailers.ts";
import type { EmailMessage } from "./email-message.ts";
import type { Delivery } from "./mail-backend.ts";
import { announce } from "./sent-mail.ts";

/** How messages are sent. */
export interface DeliverOptions {
  /** The mailer's alias in the setting `mailers`: `default` where left out. */
  using?: string | undefined;
  /** Goes on where the mailer does not take a message, and does not throw. What is wrong in the message itself is still thrown. */
  failSilently?: boolean | undefined;
}

/** Sends messages by one mailer, one after the other. Gives how many it took. */
export async function deliver(
  messages: readonly EmailMessage[],
  { using = "default", failSilently = false }: DeliverOptions = {},
): Promise<number> {
  const deliveries = await Promise.all(messages.filter((message) => message.recipients().length > 0).map(prepare));
  if (deliveries.length === 0) return 0;
  const backend = mailer(using);
  let taken = 0;
  for (const delivery of deliveries) {
    try {
      const receipt = await backend.deliver(delivery);
      taken++;
      announce({ ...delivery, ...receipt }, using);
    } catch (error) {
      if (!failSilently) throw error;
    }
  }
  return taken;
}

async function prepare(message: EmailMessage): Promise<Delivery> {
  return { message, envelope: message.envelope(), raw: await message.mime() };
}
