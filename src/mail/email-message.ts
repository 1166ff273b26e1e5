import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { domainToASCII } from "node:url";
import { contentTypeOf } from "#kernel";
import { defaultSender } from "./current-mailers.ts";
import { deliver, type DeliverOptions } from "./deliver.ts";
import { mailErrors } from "./errors.ts";
import { type MailAddress, parseMailAddress, parseMailAddresses } from "./mail-address.ts";
import { type Attachment, readAttachment, type ReadAttachment } from "./mail-attachment.ts";
import { addressHeader, headerLine } from "./mime-header.ts";
import { attachmentPart, type MimePart, multipart, textPart } from "./mime-part.ts";

/** Text that is shown: a string, or something that becomes one then, such as a lazy translation. */
export type MailText = string | { toString(): string };

/** Another form of a message's text. */
export interface Alternative {
  readonly content: string;
  /** `text/html` */
  readonly type: string;
}

/** What `new EmailMessage()` takes. */
export interface EmailOptions {
  subject?: MailText | undefined;
  /** The text of the message. */
  body?: MailText | undefined;
  /** The same as HTML. */
  html?: MailText | undefined;
  /** Who sends: the setting `mailFrom` where left out. */
  from?: string | undefined;
  to?: string | readonly string[] | undefined;
  cc?: string | readonly string[] | undefined;
  /** Gets the message without standing in it. */
  bcc?: string | readonly string[] | undefined;
  replyTo?: string | readonly string[] | undefined;
  /** Further headers. `From`, `To`, `Cc`, `Reply-To`, `Date` and `Message-ID` given here are shown in place of the message's own. */
  headers?: Readonly<Record<string, string>> | undefined;
  attachments?: readonly Attachment[] | undefined;
  alternatives?: readonly Alternative[] | undefined;
}

/** Headers that say how the message is built, or that would name its hidden recipients. */
const ownHeaders = /^(?:bcc|mime-version|content-.*)$/i;

/**
 * A message.
 *
 * ```ts
 * const message = new EmailMessage({ subject: "Your order", body: "It is on its way.", to: ["ada@example.com"] });
 * message.attachFile("var/invoices/17.pdf");
 * await message.send();
 * ```
 */
export class EmailMessage {
  subject: MailText;
  body: MailText;
  from: string | undefined;
  to: string[];
  cc: string[];
  bcc: string[];
  replyTo: string[];
  headers: Record<string, string>;
  attachments: Attachment[];
  /** The other forms of the text, HTML first. */
  alternatives: Alternative[];
  #read: Promise<readonly ReadAttachment[]> | undefined;
  #made: { date: string; id: string } | undefined;

  constructor(options: EmailOptions = {}) {
    this.subject = options.subject ?? "";
    this.body = options.body ?? "";
    this.from = options.from;
    this.to = [options.to ?? []].flat();
    this.cc = [options.cc ?? []].flat();
    this.bcc = [options.bcc ?? []].flat();
    this.replyTo = [options.replyTo ?? []].flat();
    this.headers = { ...options.headers };
    this.attachments = [...(options.attachments ?? [])];
    const html = options.html === undefined ? [] : [{ content: String(options.html), type: "text/html" }];
    this.alternatives = [...html, ...(options.alternatives ?? [])];
  }

  /** The HTML of the message, where it has some. */
  get html(): string | undefined {
    return this.alternatives.find(({ type }) => type === "text/html")?.content;
  }

  /** Everybody who gets the message, each once. */
  recipients(): string[] {
    return [...new Set([...this.to, ...this.cc, ...this.bcc].filter(Boolean))];
  }

  /** Adds an attachment. */
  attach(attachment: Attachment): this {
    this.attachments.push(attachment);
    this.#read = undefined;
    return this;
  }

  /** Adds a file of the server. The path must not come from a client unchecked. */
  attachFile(path: string, type?: string): this {
    return this.attach({ path, type: type ?? contentTypeOf(path) });
  }

  /** Adds another form of the text: `message.attachAlternative("<p>Hello</p>", "text/html")`. */
  attachAlternative(content: string, type: string): this {
    this.alternatives.push({ content, type });
    return this;
  }

  /** Whether a text stands in the body and in every other form that is text. */
  bodyContains(text: string): boolean {
    const forms = this.alternatives.filter(({ type }) => type.startsWith("text/")).map(({ content }) => content);
    return [String(this.body), ...forms].every((form) => form.includes(text));
  }

  /** The attachments with their contents, each read once. @throws MAIL_BAD_ATTACHMENT */
  readAttachments(): Promise<readonly ReadAttachment[]> {
    return (this.#read ??= Promise.all(this.attachments.map(readAttachment)));
  }

  /**
   * Who sends to whom, as mail servers are told.
   * @throws MAIL_BAD_ADDRESS, MAIL_BAD_HEADER, MAIL_NO_SENDER
   */
  envelope(): { from: string; to: string[] } {
    const to = [...this.#addresses("to"), ...this.#addresses("cc"), ...this.#addresses("bcc")];
    return { from: this.#sender().address, to: [...new Set(to.map(({ address }) => address))] };
  }

  /**
   * The message as it goes over the wire (RFC 5322), hidden recipients left out.
   * @throws MAIL_BAD_ADDRESS, MAIL_BAD_HEADER, MAIL_NO_SENDER, MAIL_BAD_ATTACHMENT
   */
  async mime(): Promise<Buffer> {
    const headers = this.#headerLines();
    const content = this.#content(await this.readAttachments());
    const lines = [...headers, "MIME-Version: 1.0", ...content.headers, "", content.body];
    return Buffer.from(lines.join("\r\n"));
  }

  /** Sends it. Gives 1, or 0 where it has no recipient. @throws MAIL_NOT_SENT unless `failSilently` */
  send(options: DeliverOptions = {}): Promise<number> {
    return deliver([this], options);
  }

  #addresses(field: "to" | "cc" | "bcc" | "replyTo"): MailAddress[] {
    return this[field].filter(Boolean).map((address) => parseMailAddress(address, field));
  }

  #sender(): MailAddress {
    const from = this.from ?? defaultSender();
    if (from === undefined) throw mailErrors.MAIL_NO_SENDER({ subject: String(this.subject) });
    return parseMailAddress(from, "from");
  }

  #headerLines(): string[] {
    const given = new Map(Object.entries(this.headers).map(([name, value]) => [name.toLowerCase(), { name, value }]));
    const lines = [headerLine("Subject", String(this.subject))];
    for (const [name, makeLine] of Object.entries(this.#usualHeaders())) {
      const set = given.get(name.toLowerCase());
      given.delete(name.toLowerCase());
      const line = set === undefined ? makeLine() : givenLine(name, set.value);
      if (line !== undefined) lines.push(line);
    }
    for (const { name, value } of given.values()) {
      if (ownHeaders.test(name)) throw mailErrors.MAIL_BAD_HEADER({ name, problem: "cannot be set by hand" });
      lines.push(givenLine(name, value));
    }
    return lines;
  }

  /** The headers that `headers` may stand in place of, made where they are needed: without a sender there is no `From`. */
  #usualHeaders(): Record<string, () => string | undefined> {
    const list = (name: string, addresses: readonly MailAddress[]) =>
      addresses.length > 0 ? addressHeader(name, addresses) : undefined;
    const { date, id } = (this.#made ??= {
      date: new Date().toUTCString().replace("GMT", "+0000"),
      id: `<${randomUUID()}@${domainToASCII(hostname()) || "localhost"}>`,
    });
    return {
      From: () => addressHeader("From", [this.#sender()]),
      To: () => list("To", this.#addresses("to")),
      Cc: () => list("Cc", this.#addresses("cc")),
      "Reply-To": () => list("Reply-To", this.#addresses("replyTo")),
      Date: () => `Date: ${date}`,
      "Message-ID": () => `Message-ID: ${id}`,
    };
  }

  #content(attachments: readonly ReadAttachment[]): MimePart {
    const inline = attachments.filter(({ cid }) => cid !== undefined).map(attachmentPart);
    const beside = attachments.filter(({ cid }) => cid === undefined).map(attachmentPart);
    const forms = this.alternatives.map(({ content, type }) => {
      const part = textPart(content, type);
      return type === "text/html" ? multipart("related", [part, ...inline]) : part;
    });
    const isTextShown = String(this.body) !== "" || forms.length === 0;
    const text = isTextShown ? [textPart(String(this.body), "text/plain")] : [];
    const main = multipart("alternative", [...text, ...forms]);
    const rest = this.html === undefined ? [...inline, ...beside] : beside;
    return multipart("mixed", [main, ...rest]);
  }
}

/** Headers of addresses, whose names are encoded and whose addresses are not. */
const addressHeaders = /^(?:from|to|cc|reply-to|sender)$/i;

function givenLine(name: string, value: string): string {
  return addressHeaders.test(name) ? addressHeader(name, parseMailAddresses(value, name)) : headerLine(name, value);
}
