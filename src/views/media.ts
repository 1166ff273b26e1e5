import { file, HttpError, type HttpRequest, type HttpResponse } from "#http";
import { FileStorage, storage } from "#storage";

/** What a browser shows without running anything; all else is saved to disk. */
const shown = /\.(?:avif|bmp|gif|ico|jpe?g|png|tiff?|webp|mp3|mp4|ogg|wav|webm|pdf)$/i;

/**
 * Shows uploads to everybody who knows their address. Nothing in them runs in the site's name: a page or an
 * SVG that somebody uploaded is saved, not opened.
 *
 * ```ts
 * path("media/<path:name>", media)
 * ```
 * @throws HttpError 404
 */
export async function media(_request: HttpRequest, { name }: { name: string }): Promise<HttpResponse> {
  const response = await file(pathOf(name), { download: !shown.test(name) });
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("content-security-policy", "default-src 'none'; sandbox");
  return response;
}

function pathOf(name: string): string {
  const kept = storage();
  if (!(kept instanceof FileStorage)) throw new HttpError(404, "There is no such file.");
  try {
    return kept.path(name);
  } catch {
    throw new HttpError(404, "There is no such file.");
  }
}
