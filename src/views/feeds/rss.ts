import { momentOf } from "../xml/moments.ts";
import { element, type Xml } from "../xml/xml.ts";
import type { CompleteFeed, FeedAuthor, FeedItem } from "./feed-content.ts";
import { documentOf, namespacesOf, optional, ownElements } from "./feed-xml.ts";

/** A feed as RSS 2.0.1. */
export function rss(feed: CompleteFeed): string {
  const namespaces = { "xmlns:atom": "http://www.w3.org/2005/Atom", "xmlns:dc": "http://purl.org/dc/elements/1.1/" };
  const channel = element("channel", {}, [
    element("title", {}, feed.title),
    element("link", {}, feed.link),
    element("description", {}, feed.description ?? feed.title),
    element("atom:link", { href: feed.feedUrl, rel: "self", type: "application/rss+xml" }),
    element("language", {}, feed.language.toLowerCase()),
    ...optional("copyright", feed.copyright),
    ...authorOf("managingEditor", feed.author),
    element("lastBuildDate", {}, rfc822(feed.updated)),
    ...(feed.categories ?? []).map((category) => element("category", {}, category)),
    ...optional("ttl", feed.ttl),
    ...ownElements(feed.elements),
    ...feed.items.map(itemOf),
  ]);
  return documentOf(element("rss", { version: "2.0", ...namespaces, ...namespacesOf(feed) }, [channel]), feed);
}

function itemOf(item: FeedItem): Xml {
  const published = momentOf(item.published ?? item.updated);
  const permalink = item.id === undefined ? undefined : item.idIsPermalink;
  const [enclosure] = item.enclosures ?? [];
  return element("item", {}, [
    element("title", {}, item.title),
    element("link", {}, item.link),
    ...optional("description", item.description),
    ...authorOf("author", item.author),
    ...(published ? [element("pubDate", {}, rfc822(published))] : []),
    ...optional("comments", item.comments),
    element(
      "guid",
      permalink === undefined && item.id === undefined ? {} : { isPermaLink: String(permalink ?? false) },
      item.id ?? item.link,
    ),
    ...(enclosure ? [element("enclosure", { url: enclosure.url, length: enclosure.length, type: enclosure.mimeType })] : []),
    ...(item.categories ?? []).map((category) => element("category", {}, category)),
    ...ownElements(item.elements),
  ]);
}

/** RSS names people by their e-mail address; without one Dublin Core's element names them. */
function authorOf(name: string, author: FeedAuthor | undefined): Xml[] {
  if (author?.email) return [element(name, {}, author.name ? `${author.email} (${author.name})` : author.email)];
  return optional("dc:creator", author?.name);
}

/** `Mon, 23 Nov 2026 07:00:00 +0000` */
function rfc822(date: Date): string {
  return date.toUTCString().replace(/GMT$/, "+0000");
}
