import { gettextLazy } from "#kernel/i18n";
import type { TextOptions, Validator } from "./limits.ts";
import { ValidationError } from "./validation-error.ts";

/** The extensions of the image kinds that are recognised by their content. */
export const imageExtensions: readonly string[] = ["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "tif", "tiff", "webp"];

/**
 * Refuses a file whose name has none of the extensions. The name is the uploader's word: it says nothing about the content.
 *
 * ```ts
 * fileExtensionValidator(["csv", "tsv"]);
 * ```
 */
export function fileExtensionValidator(extensions: readonly string[], options: TextOptions = {}): Validator {
  const allowed = extensions.map((extension) => extension.toLowerCase());
  const message =
    options.message ??
    gettextLazy("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.");
  return (value: { name: string }) => {
    const dot = value.name.lastIndexOf(".");
    const extension = dot < 0 ? "" : value.name.slice(dot + 1).toLowerCase();
    if (allowed.includes(extension)) return;
    const params = { extension, allowedExtensions: allowed.join(", "), value };
    throw new ValidationError(message, { code: options.code ?? "invalid_extension", params });
  };
}

/** A file whose name ends like an image's. */
export const validateImageFileExtension: Validator = fileExtensionValidator(imageExtensions);
