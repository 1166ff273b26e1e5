import type { HttpRequest } from "../request.ts";
import type { Middleware } from "../view.ts";

/** A link that leads nowhere, and where it stands. */
export interface BrokenLink {
  /** The address that there is not. */
  url: string;
  /** The page that leads there. */
  referer: string;
  /** Whether the page is one of this site. */
  isInternal: boolean;
  agent: string;
  ip: string;
}

/** Who is told of broken links, and of which not. */
export interface BrokenLinkOptions {
  /** Told of each: sends a mail, or counts. By default it is logged. */
  notify?: ((link: BrokenLink, request: HttpRequest) => unknown) | undefined;
  /** Paths that nobody needs to hear of. */
  ignore?: readonly RegExp[] | undefined;
}

/**
 * Tells of links that lead to a 404 of this site. A page that leads to itself, and what no page leads to, is passed over.
 *
 * ```ts
 * const middleware = [brokenLinks({ ignore: [/^\/favicon/], notify: (link) => console.warn(link.url, link.referer) })];
 * ```
 */
export function brokenLinks({ notify = logLink, ignore = [] }: BrokenLinkOptions = {}): Middleware {
  return async (request, next) => {
    const response = await next();
    if (response.status !== 404) return response;
    const link = linkOf(request);
    if (link !== undefined && !ignore.some((pattern) => request.url.search(pattern) >= 0)) await notify(link, request);
    return response;
  };
}

function linkOf(request: HttpRequest): BrokenLink | undefined {
  const { referer } = request.headers;
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const from = new URL(referer);
  const to = new URL(request.absoluteUrl());
  const isInternal = from.host === to.host;
  // Slashes apart, a page that names itself was not linked: programs write so.
  if (isInternal && from.pathname.replace(/\/$/, "") === to.pathname.replace(/\/$/, "")) return undefined;
  return { url: to.href, referer, isInternal, agent: request.headers["user-agent"] ?? "", ip: request.ip };
}

function logLink(link: BrokenLink, request: HttpRequest): void {
  request.log.warn(link, "A link leads nowhere.");
}
