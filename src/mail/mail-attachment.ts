import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { contentTypeOf } from "#kernel";
import { mailErrors } from "./errors.ts";

/** What an attachment is made of: text, bytes, a stream, an uploaded or a stored file, or another message. */
export type AttachmentContent =
  | string
  | Uint8Array
  | AsyncIterable<Uint8Array | string>
  | { readonly name?: string | null; bytes(): Promise<Uint8Array> }
  | { mime(): Promise<Uint8Array> };

/** A file that goes with a message: its content, or the path of a file. */
export interface Attachment {
  /** What it is called; that of the file, where left out. */
  name?: string | undefined;
  content?: AttachmentContent | undefined;
  /** A file of the server. It must not come from a client unchecked. */
  path?: string | undefined;
  /** `image/png`; told by the name, where left out. */
  type?: string | undefined;
  /** Shown in the HTML, as `<img src="cid:logo">`, and not listed beside it. */
  cid?: string | undefined;
}

/** An attachment whose content was read. */
export interface ReadAttachment {
  readonly name: string;
  readonly type: string;
  readonly content: Buffer;
  readonly cid: string | undefined;
}

/** Reads the content of an attachment. @throws MAIL_BAD_ATTACHMENT */
export async function readAttachment(attachment: Attachment): Promise<ReadAttachment> {
  const { content, path, cid } = attachment;
  const isMessage = typeof content === "object" && "mime" in content;
  const own = isMessage ? "message.eml" : typeof content === "object" && "name" in content ? content.name : path;
  const name = attachment.name ?? (typeof own === "string" ? basename(own) : (cid ?? `file-${randomUUID().slice(0, 8)}`));
  const type = attachment.type ?? (isMessage ? "message/rfc822" : contentTypeOf(name));
  if ((content === undefined) === (path === undefined))
    throw mailErrors.MAIL_BAD_ATTACHMENT({
      name,
      problem: content === undefined ? "it has no content" : "it has both content and a path",
    });
  try {
    return { name, type, cid, content: content === undefined ? await readFile(path!) : await bytesOf(content) };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw mailErrors.MAIL_BAD_ATTACHMENT({ name, problem, cause });
  }
}

async function bytesOf(content: AttachmentContent): Promise<Buffer> {
  if (typeof content === "string") return Buffer.from(content);
  if (content instanceof Uint8Array) return Buffer.from(content);
  if ("mime" in content) return Buffer.from(await content.mime());
  if ("bytes" in content) return Buffer.from(await content.bytes());
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
