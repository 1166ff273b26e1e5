import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";

/** Says that a body's text is in something else than UTF-8, by its content type. @throws HttpError 415 */
export function requireUtf8(type: string | undefined): void {
  if (type === undefined || !/charset/i.test(type)) return;
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
  if (charset === undefined || /^(?:utf-?8|(?:us-)?ascii)$/i.test(charset)) return;
  const wanted = `${type.split(";")[0]!.trim()} in UTF-8`;
  throw HttpError.from(415, httpErrors.HTTP_UNSUPPORTED_TYPE({ given: type, wanted }));
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A body's text, which is UTF-8. @throws HttpError 400 */
export function utf8Text(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new HttpError(400, "The body is not UTF-8.");
  }
}

/** Says that a body is packed where it is read as it came. @throws HttpError 415 */
export function requireUnpacked(coding: string | undefined): void {
  const name = coding?.trim().toLowerCase() ?? "";
  if (name === "" || name === "identity") return;
  throw new HttpError(415, `The body's Content-Encoding is ${JSON.stringify(name)}, and a body is read here only as it is.`);
}
