import { importOptional } from "#kernel";
import { mailErrors } from "../errors.ts";
import type { Delivery, MailBackend, Receipt } from "../mail-backend.ts";
import { parseSmtpAddress, type SmtpAddress } from "./smtp-address.ts";

interface SmtpFailure extends Error {
  readonly code?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

/** Gives messages to a mail server: `smtp://user:password@mail.example.com:587`. Connections are kept and used again. */
export class SmtpMailer implements MailBackend {
  readonly #address: SmtpAddress;
  #transport: Promise<Transport> | undefined;

  /** @throws MAIL_BAD_MAILER */
  constructor(url: string, root = process.cwd()) {
    this.#address = parseSmtpAddress(url, root);
  }

  /** @throws MAIL_NOT_SENT, KERNEL_MISSING_PACKAGE */
  async deliver({ envelope, raw }: Delivery): Promise<Receipt> {
    const transport = await (this.#transport ??= openTransport(this.#address));
    try {
      const { rejected } = await transport.sendMail({ envelope: { from: envelope.from, to: [...envelope.to] }, raw });
      return { refused: rejected.map(String) };
    } catch (cause) {
      throw mailErrors.MAIL_NOT_SENT({
        server: `${this.#address.host}:${this.#address.port}`,
        ...explain(cause as SmtpFailure),
        cause,
      });
    }
  }

  async close(): Promise<void> {
    const transport = await this.#transport;
    this.#transport = undefined;
    transport?.close();
  }
}

interface Transport {
  sendMail(mail: { envelope: { from: string; to: string[] }; raw: Buffer }): Promise<{ rejected: readonly unknown[] }>;
  close(): void;
}

/** The package that speaks SMTP. @throws KERNEL_MISSING_PACKAGE */
export const smtpPackage = () => importOptional("nodemailer", "Mail over SMTP", () => import("nodemailer"));

async function openTransport({ timeout, ...address }: SmtpAddress): Promise<Transport> {
  const { createTransport } = await smtpPackage();
  const times = { connectionTimeout: timeout, greetingTimeout: timeout, dnsTimeout: timeout, socketTimeout: timeout * 3 };
  const options = {
    pool: true as const,
    maxMessages: 100,
    maxRequeues: 1,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...address,
    ...times,
  };
  return createTransport(options);
}

/** What is wrong, by the kind of the failure; the server's own words where it said some. */
function explain({ code, message, response }: SmtpFailure): { reason: string; hint: string } {
  const said = response === undefined ? message : `it said "${response.trim()}"`;
  switch (code) {
    case "EAUTH":
      return { reason: `it refused the log-in; ${said}`, hint: "Check user and password in the mailer's address." };
    case "EENVELOPE":
      return {
        reason: `it refused the sender or every recipient; ${said}`,
        hint: "Check the addresses, and whether the server sends for this sender.",
      };
    case "EMESSAGE":
      return { reason: said, hint: "Read what the server said of the message." };
    case "ETLS":
      return {
        reason: `no TLS could be agreed on; ${said}`,
        hint: "Use a server with TLS, or say ?tls=offered in the mailer's address.",
      };
    default:
      return { reason: said, hint: "Check host and port in the mailer's address, and whether the server runs." };
  }
}
