import { createHash } from "node:crypto";
import type { ReadAttachment } from "./mail-attachment.ts";
import { headerParameter, plainValue } from "./mime-header.ts";

/** A part of a message: its own headers, and what they speak of, in ASCII with lines that end in CRLF. */
export interface MimePart {
  readonly headers: readonly string[];
  readonly body: string;
}

/** Text, plain or HTML. */
export function textPart(content: string, type: string): MimePart {
  const lines = content.replaceAll(/\r\n|\r|\n/g, "\r\n");
  const isPlain = /^[\t\r\n\x20-\x7e]*$/.test(lines) && !/[^\r\n]{998}/.test(lines);
  const encoding = isPlain ? "7bit" : "quoted-printable";
  return {
    headers: [`Content-Type: ${plainValue("Content-Type", type)}; charset="utf-8"`, `Content-Transfer-Encoding: ${encoding}`],
    body: isPlain ? lines : quotedPrintable(lines),
  };
}

/** A file, shown beside the text or in it. */
export function attachmentPart({ name, type, content, cid }: ReadAttachment): MimePart {
  const isMessage = type === "message/rfc822";
  const headers = [
    `Content-Type: ${plainValue("Content-Type", type)}${isMessage ? "" : `;\r\n ${headerParameter("name", name)}`}`,
    `Content-Transfer-Encoding: ${isMessage ? "7bit" : "base64"}`,
    `Content-Disposition: ${cid === undefined ? "attachment" : "inline"};\r\n ${headerParameter("filename", name)}`,
  ];
  if (cid !== undefined) headers.push(`Content-ID: <${plainValue("Content-ID", cid)}>`);
  const body = isMessage ? content.toString("latin1") : content.toString("base64").replaceAll(/.{76}(?=.)/g, "$&\r\n");
  return { headers, body };
}

/** Parts together: `mixed` beside each other, `alternative` the same in several forms, `related` with what the first one shows. */
export function multipart(kind: "mixed" | "alternative" | "related", parts: readonly MimePart[]): MimePart {
  if (parts.length === 1) return parts[0]!;
  // Made of what it parts, so that a message is the same however often it is written.
  const hash = createHash("sha256");
  for (const { body } of parts) hash.update(body);
  const boundary = `=_${hash.digest("hex").slice(0, 32)}`;
  const inner = parts.map(({ headers, body }) => `--${boundary}\r\n${headers.join("\r\n")}\r\n\r\n${body}\r\n`);
  return {
    headers: [`Content-Type: multipart/${kind};\r\n boundary="${boundary}"`],
    body: `${inner.join("")}--${boundary}--\r\n`,
  };
}

/** RFC 2045: lines of at most 76 characters, everything beside ASCII and the space before a line's end escaped. */
function quotedPrintable(text: string): string {
  return text
    .split("\r\n")
    .map((line) => softLines(Buffer.from(line)))
    .join("\r\n");
}

function softLines(line: Buffer): string {
  const lines: string[] = [];
  let current = "";
  line.forEach((byte, i) => {
    const isSpaceAtEnd = (byte === 0x20 || byte === 0x09) && i === line.length - 1;
    const isPlain = ((byte >= 0x20 && byte <= 0x7e && byte !== 0x3d) || byte === 0x09) && !isSpaceAtEnd;
    const token = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    if (current.length + token.length > 75) {
      lines.push(`${current}=`);
      current = "";
    }
    current += token;
  });
  lines.push(current);
  return lines.join("\r\n");
}
