import { HttpError, type HttpRequest, HttpResponse, methods, type View } from "#http";
import { namedView, type Params } from "../generic/view-call.ts";
import { latestOf } from "../xml/moments.ts";
import { element, type Xml, xmlDeclaration } from "../xml/xml.ts";
import { withQuery } from "../redirect.ts";
import { SectionReader } from "./section-reader.ts";
import type { SitemapSection } from "./section.ts";

const namespaces = {
  xmlns: "http://www.sitemaps.org/schemas/sitemap/0.9",
  "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
};

/** How a sitemap is cut. */
export interface SitemapOptions {
  /** Whether there is always an index; by default only where one file is not enough. */
  index?: boolean | undefined;
  /** `https` where the site is behind a proxy that the project does not know of; that of the request by default. */
  protocol?: "http" | "https" | undefined;
}

/**
 * The pages of a site, for search engines. While they fit into one file they are one file; beyond that the same address
 * answers an index of the parts, `?section=coffee&p=2`.
 *
 * ```ts
 * path("sitemap.xml", sitemap({
 *   pages: { items: ["/", "/about/"], location: String, changeFrequency: "monthly" },
 *   posts: { items: () => Post.objects.all(), location: (post) => `/posts/${post.slug}/`, lastModified: (post) => post.changed },
 * }));
 * ```
 */
export function sitemap<S extends Record<string, any>>(
  sections: { readonly [Name in keyof S]: SitemapSection<S[Name]> },
  options: SitemapOptions = {},
): View<Params> {
  const view = async (request: HttpRequest, params: Params) => {
    const readers = Object.entries(sections).map(([name, section]) => new SectionReader(name, section as SitemapSection<any>));
    const { host, protocol } = new URL(request.absoluteUrl("/"));
    const base = `${options.protocol ?? protocol.replace(":", "")}://${host}`;
    const named = (params["section"] as string | undefined) ?? request.query.get("section");
    if (named !== undefined) return answerSection(request, base, { readers, named });
    const counts = await Promise.all(readers.map((reader) => reader.pages()));
    const isWhole = counts.every((pages) => pages <= 1) && (await fitsInOne(readers));
    if (options.index || (!isWhole && options.index === undefined)) return answerIndex(request, base, { readers, counts });
    return answerUrls(base, readers, 1);
  };
  return methods(namedView("sitemap", view), ["GET"]);
}

/** One file has 50,000 addresses at most. */
const mostUrls = 50_000;

async function fitsInOne(readers: readonly SectionReader[]): Promise<boolean> {
  const counts = await Promise.all(readers.map((reader) => reader.count()));
  return counts.reduce((sum, count) => sum + count, 0) <= mostUrls;
}

async function answerSection(
  request: HttpRequest,
  base: string,
  { readers, named }: { readers: readonly SectionReader[]; named: string },
): Promise<HttpResponse> {
  const reader = readers.find(({ name }) => name === named);
  const given = request.query.get("p") ?? "1";
  const page = /^\d{1,7}$/.test(given) ? Number(given) : 0;
  if (reader === undefined) throw noSection(named, readers);
  if (page < 1 || page > (await reader.pages())) throw new HttpError(404, `The section "${named}" has no page "${given}".`);
  return answerUrls(base, [reader], page);
}

function noSection(named: string, readers: readonly SectionReader[]): HttpError {
  const hint = `There are ${readers.map(({ name }) => name).join(", ")}.`;
  return new HttpError(404, `No sitemap available for section: "${named}"`, { hint });
}

async function answerUrls(base: string, readers: readonly SectionReader[], page: number): Promise<HttpResponse> {
  const parts = await Promise.all(readers.map((reader) => reader.urls(base, page)));
  const urls = parts.flatMap((part) => part.urls);
  const dates = parts.map((part) => part.lastModified);
  return xmlAnswer(element("urlset", namespaces, urls), latestOf(dates));
}

async function answerIndex(
  request: HttpRequest,
  base: string,
  { readers, counts }: { readers: readonly SectionReader[]; counts: readonly number[] },
): Promise<HttpResponse> {
  const dates = await Promise.all(readers.map((reader) => reader.latest()));
  const entries = readers.flatMap((reader, at) =>
    Array.from({ length: counts[at]! }, (_, page) => {
      const query = { section: reader.name, p: page === 0 ? undefined : page + 1 };
      const date = dates[at];
      return element("sitemap", {}, [
        element("loc", {}, base + withQuery(request.url.split("?")[0]!, { query })),
        ...(date === undefined ? [] : [element("lastmod", {}, date.toISOString())]),
      ]);
    }),
  );
  return xmlAnswer(element("sitemapindex", { xmlns: namespaces.xmlns }, entries), latestOf(dates));
}

function xmlAnswer(root: Xml, lastModified: Date | undefined): HttpResponse {
  const response = new HttpResponse(`${xmlDeclaration}${root}\n`);
  response.setHeader("content-type", "application/xml; charset=utf-8");
  response.setHeader("x-robots-tag", "noindex, noodp, noarchive");
  if (lastModified) response.setHeader("last-modified", lastModified.toUTCString());
  return response;
}
