import { contentTypeOf } from "#kernel";
import { gettext } from "#kernel/i18n";
import { ValidationError } from "#validation";
import { contentKind, kindBytes, mayBe } from "./content-kind.ts";
import type { SubmittedFile } from "./file-fields.ts";

/** What a file must be like. */
export interface FileRules {
  /** Bytes. */
  maxSize?: number | undefined;
  /**
   * What is accepted, as in the attribute of the same name: `["application/pdf", "image/*", ".csv"]`. The content is looked
   * at: a page that is called `photo.png` is none.
   */
  accept?: readonly string[] | undefined;
}

/** The first bytes, without reading the rest where that can be helped. */
export async function beginningOf(file: SubmittedFile, length: number): Promise<Uint8Array> {
  return file.beginning === undefined ? (await file.bytes()).subarray(0, length) : file.beginning(length);
}

/** @throws ValidationError where a file breaks a rule */
export async function checkFileRules(file: SubmittedFile, { maxSize, accept }: FileRules): Promise<void> {
  if (maxSize !== undefined && file.size > maxSize) {
    const params = { max: readableSize(maxSize), size: readableSize(file.size) };
    throw new ValidationError(gettext("Ensure this file is at most %(max)s (it is %(size)s)."), { code: "max_size", params });
  }
  if (accept === undefined) return;
  const named = contentTypeOf(file.name);
  const kind = contentKind(await beginningOf(file, kindBytes));
  if (kind !== undefined && !mayBe(kind, named))
    throw new ValidationError(gettext("The file's content is not what its name says."), { code: "content_mismatch" });
  if (!accept.some((rule) => isAccepted(rule, file.name, [kind, named])))
    throw new ValidationError(gettext("Files of this kind are not accepted. Accepted are: %(accepted)s."), {
      code: "invalid_type",
      params: { accepted: accept.join(", ") },
    });
}

function isAccepted(rule: string, name: string, types: readonly (string | undefined)[]): boolean {
  if (rule.startsWith(".")) return name.toLowerCase().endsWith(rule.toLowerCase());
  // The name decides among kinds that begin alike; where it says nothing, the content does.
  const type = types[1] === "application/octet-stream" ? types[0] : types[1];
  return rule.endsWith("/*") ? (type?.startsWith(rule.slice(0, -1)) ?? false) : type === rule;
}

function readableSize(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`;
}
