import { HttpError, type HttpRequest, type HttpResponse } from "#http";
import { Signer } from "#kernel/signing";
import { storage } from "#storage";
import { storedFile } from "./stored-file.ts";

/** A view of files by their names: `path("media/<path:name>", …)`. */
export type MediaView = (request: HttpRequest, params: { name: string }) => Promise<HttpResponse>;

/** What `mediaView()` takes. */
export interface MediaViewOptions {
  /** The alias of the storage: `default`. */
  storage?: string | undefined;
  /** Shows a file only at an address of `signedMediaUrl()`. */
  signed?: boolean | undefined;
}

/**
 * A view that shows the files of a storage. Nothing in them runs in the site's name: a page or an SVG that somebody
 * uploaded is saved, not opened.
 *
 * ```ts
 * path("private/<path:name>", mediaView({ storage: "private", signed: true }))
 * ```
 */
export function mediaView({ storage: alias = "default", signed = false }: MediaViewOptions = {}): MediaView {
  return async (request, { name }) => {
    if (signed && !isSigned(request, alias, name)) throw new HttpError(403, "This address is not valid any more.");
    const response = await storedFile(name, { storage: alias });
    if (signed) response.setHeader("cache-control", "private, no-store");
    return response;
  };
}

/**
 * Shows uploads to everybody who knows their address.
 *
 * ```ts
 * path("media/<path:name>", media)
 * ```
 * @throws HttpError 404
 */
export const media: MediaView = mediaView();

/**
 * An address that shows a file for a while to whoever has it: `expires` seconds, an hour where left out. A view of
 * `mediaView({ signed: true })` must be where the storage says that its files are.
 *
 * ```ts
 * const url = signedMediaUrl("contracts/17.pdf", { storage: "private", expires: 600 });
 * ```
 */
export function signedMediaUrl(name: string, options: { storage?: string | undefined; expires?: number } = {}): string {
  const { storage: alias = "default", expires = 3600 } = options;
  const url = storage(alias).url(name);
  // A storage elsewhere signs its own addresses.
  if (/^[a-z]+:/i.test(url)) return url;
  const until = Math.floor(Date.now() / 1000) + expires;
  return `${url}?expires=${until}&signature=${signer.signature(signedText(alias, name, until))}`;
}

const signer = new Signer({ salt: "cortado.views.media" });

/** What is signed says of which storage, which file, and until when. */
function signedText(alias: string, name: string, until: number): string {
  return JSON.stringify([alias, name, until]);
}

function isSigned({ query }: HttpRequest, alias: string, name: string): boolean {
  const [until, signature] = [Number(query.get("expires")), query.get("signature") ?? ""];
  return until > Date.now() / 1000 && signer.verify(signedText(alias, name, until), signature);
}
