import { gettext } from "#kernel/i18n";
import { imageSize } from "#orm";
import { ValidationError } from "#validation";
import { beginningOf } from "./file-rules.ts";
import type { SubmittedFile } from "./file-fields.ts";

/** How large an image may be, in pixels. */
export interface ImageRules {
  minWidth?: number | undefined;
  minHeight?: number | undefined;
  maxWidth?: number | undefined;
  maxHeight?: number | undefined;
}

/** Where an image says its size: a photograph has a preview and more before it. */
const headBytes = 512 * 1024;

/** @throws ValidationError where an image is too large, too small, or does not say its size */
export async function checkImageRules(file: SubmittedFile, rules: ImageRules): Promise<void> {
  const { minWidth = 0, minHeight = 0, maxWidth = Infinity, maxHeight = Infinity } = rules;
  if (minWidth === 0 && minHeight === 0 && maxWidth === Infinity && maxHeight === Infinity) return;
  const size = imageSize(await beginningOf(file, headBytes));
  if (size === undefined)
    throw new ValidationError(gettext("The size of this image cannot be told. Send a PNG, JPEG, GIF or WebP."), {
      code: "unknown_image_size",
    });
  const params = { width: size.width, height: size.height, minWidth, minHeight, maxWidth, maxHeight };
  if (size.width > maxWidth || size.height > maxHeight)
    throw new ValidationError(tooLarge(rules), { code: "image_too_large", params });
  if (size.width < minWidth || size.height < minHeight)
    throw new ValidationError(
      gettext("Ensure this image is at least %(minWidth)s × %(minHeight)s pixels (it is %(width)s × %(height)s)."),
      {
        code: "image_too_small",
        params,
      },
    );
}

function tooLarge({ maxWidth, maxHeight }: ImageRules): string {
  if (maxHeight === undefined) return gettext("Ensure this image is at most %(maxWidth)s pixels wide (it is %(width)s).");
  if (maxWidth === undefined) return gettext("Ensure this image is at most %(maxHeight)s pixels high (it is %(height)s).");
  return gettext("Ensure this image is at most %(maxWidth)s × %(maxHeight)s pixels (it is %(width)s × %(height)s).");
}
