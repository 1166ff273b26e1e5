import { momentOf } from "../xml/moments.ts";
import { element, type Xml } from "../xml/xml.ts";
import type { CompleteFeed, FeedAuthor, FeedItem } from "./feed-content.ts";
import { documentOf, namespacesOf, optional, ownElements } from "./feed-xml.ts";

/** A feed as Atom 1.0. */
export function atom(feed: CompleteFeed): string {
  const attributes = { xmlns: "http://www.w3.org/2005/Atom", "xml:lang": feed.language, ...namespacesOf(feed) };
  const root = element("feed", attributes, [
    element("title", {}, feed.title),
    element("link", { href: feed.link, rel: "alternate" }),
    element("link", { href: feed.feedUrl, rel: "self" }),
    element("id", {}, feed.id ?? feed.link),
    element("updated", {}, rfc3339(feed.updated)),
    ...authorOf(feed.author ?? (feed.items.every(({ author }) => author) ? undefined : { name: feed.title })),
    ...optional("subtitle", feed.description),
    ...(feed.categories ?? []).map((term) => element("category", { term })),
    ...optional("rights", feed.copyright),
    ...ownElements(feed.elements),
    ...feed.items.map((item) => entryOf(item, feed)),
  ]);
  return documentOf(root, feed);
}

function entryOf(item: FeedItem, feed: CompleteFeed): Xml {
  const published = momentOf(item.published);
  return element("entry", {}, [
    element("title", {}, item.title),
    element("link", { href: item.link, rel: "alternate" }),
    ...(published ? [element("published", {}, rfc3339(published))] : []),
    element("updated", {}, rfc3339(momentOf(item.updated) ?? published ?? feed.updated)),
    ...authorOf(item.author),
    element("id", {}, item.id ?? item.link),
    ...(item.description ? [element("summary", { type: "html" }, item.description)] : []),
    ...(item.enclosures ?? []).map(({ url, length, mimeType }) =>
      element("link", { rel: "enclosure", href: url, length, type: mimeType }),
    ),
    ...(item.comments ? [element("link", { rel: "replies", href: item.comments })] : []),
    ...(item.categories ?? []).map((term) => element("category", { term })),
    ...optional("rights", item.copyright),
    ...ownElements(item.elements),
  ]);
}

/** Atom wants a name of everybody. */
function authorOf(author: FeedAuthor | undefined): Xml[] {
  if (author === undefined) return [];
  const name = author.name ?? author.email ?? author.link ?? "";
  return [
    element("author", {}, [element("name", {}, name), ...optional("email", author.email), ...optional("uri", author.link)]),
  ];
}

function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.000Z$/, "Z");
}
