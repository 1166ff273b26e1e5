import { type HttpRequest, utf8Text } from "#http";
import type { Signature } from "../../tensors/signature.ts";
import { bodyBytes } from "../body-bytes.ts";
import { parseValue } from "../json-body.ts";

/**
 * The item of a body of any type: JSON as its value, a form as an object of its fields, or as its one field where that is
 * `data` or `body`; text as a string, anything else as bytes. curl sends JSON as a form, or without a type: what reads as
 * JSON is read so. @throws HttpError 400, 413
 */
export async function readItem(request: HttpRequest, signature: Signature | undefined): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (/^multipart\/form-data\b/i.test(type)) return formItem(request);
  const bytes = await bodyBytes(request);
  if (/^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(type)) return parseValue(request, bytes, signature);
  if (/^text\//i.test(type)) return utf8Text(bytes);
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(type);
  if (/^\s*[[{"\-\dtfn]/.test(bytes.toString("latin1", 0, 64))) {
    try {
      return parseValue(request, bytes, signature);
    } catch (error) {
      if (/^\s*[[{]/.test(bytes.toString("latin1", 0, 64))) throw error;
    }
  }
  return isForm ? formItem(request) : bytes;
}

/** The body as JSON whatever its type, from a form its field. @throws HttpError 400, 413 */
export async function readJson(request: HttpRequest, signature: Signature): Promise<unknown> {
  if (/^multipart\/form-data\b/i.test(request.headers["content-type"] ?? "")) return formItem(request);
  return parseValue(request, await bodyBytes(request), signature);
}

async function formItem(request: HttpRequest): Promise<unknown> {
  const { data, files } = await request.form();
  const item: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const [name, text] of data.entries()) item[name] = text;
  for (const [name, file] of files.entries()) item[name] = await file.bytes();
  const [name, ...others] = Object.keys(item);
  const only = others.length === 0 && (name === "data" || name === "body") ? item[name] : undefined;
  return only === undefined ? { ...item } : fieldItem(request, only);
}

/** The one field of a form: JSON where it reads as such, for `-F "data=@item.json"`. */
function fieldItem(request: HttpRequest, value: unknown): unknown {
  const bytes = typeof value === "string" ? Buffer.from(value) : (value as Buffer);
  if (!/^\s*[[{]/.test(bytes.toString("latin1", 0, 64))) return value;
  try {
    return parseValue(request, bytes, undefined);
  } catch {
    return value;
  }
}
