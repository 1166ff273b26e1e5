import { httpErrors } from "../errors.ts";
import { HttpError } from "../http-error.ts";
import { MultiDict } from "../multi-dict.ts";
import type { UploadedFile } from "./uploaded-file.ts";
import type { Uploads } from "./upload-settings.ts";

/** What a form sent. */
export interface FormBody {
  readonly data: MultiDict;
  readonly files: MultiDict<UploadedFile>;
}

export function emptyForm(): FormBody {
  return { data: new MultiDict(), files: new MultiDict() };
}

export function formTooLarge(what: string, limit: number): HttpError {
  return HttpError.from(413, httpErrors.HTTP_FORM_TOO_LARGE({ what, limit }), { connection: "close" });
}

/** Reads an urlencoded form. @throws HttpError 413 beyond the limit of fields */
export function parseUrlencoded(body: Buffer, { maxFields }: Uploads): FormBody {
  const text = body.toString("utf8");
  let fields = 1;
  for (let at = text.indexOf("&"); at >= 0; at = text.indexOf("&", at + 1)) {
    if (++fields > maxFields) throw formTooLarge("too many fields", maxFields);
  }
  return { data: new MultiDict(new URLSearchParams(text)), files: new MultiDict() };
}
