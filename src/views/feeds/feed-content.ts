import type { Moment } from "../xml/moments.ts";
import type { XmlAttributes } from "../xml/xml.ts";

/** Whoever wrote something. */
export interface FeedAuthor {
  name?: string | undefined;
  email?: string | undefined;
  link?: string | undefined;
}

/** A file that belongs to an item: a recording, a picture. */
export interface Enclosure {
  url: string;
  /** In bytes. */
  length: number;
  mimeType: string;
}

/** An element of one's own: its name, its attributes, and text or further elements. */
export type FeedElement = readonly [name: string, attributes: XmlAttributes, content?: string | readonly FeedElement[]];

/** A stylesheet, for browsers that show the feed. */
export type FeedStylesheet = string | { url: string; mimeType?: string | undefined; media?: string | undefined };

/** One entry of a feed. Addresses may be paths: they are completed with the site's. */
export interface FeedItem {
  title: string;
  /** The address of its page. */
  link: string;
  /** Text or HTML, as readers shall show it. */
  description?: string | undefined;
  author?: FeedAuthor | undefined;
  published?: Moment;
  updated?: Moment;
  categories?: readonly string[] | undefined;
  /** What tells it from all others, for ever; its link by default. */
  id?: string | undefined;
  /** Whether the id is an address that can be opened: said of an RSS item's id where it is given. */
  idIsPermalink?: boolean | undefined;
  /** RSS takes one. */
  enclosures?: readonly Enclosure[] | undefined;
  /** The address of its comments. */
  comments?: string | undefined;
  copyright?: string | undefined;
  elements?: readonly FeedElement[] | undefined;
}

/** A feed: what it is, and its entries. */
export interface FeedContent {
  title: string;
  /** The address of the page that the feed is about. */
  link: string;
  description?: string | undefined;
  /** The language of the entries; that of the request by default. */
  language?: string | undefined;
  author?: FeedAuthor | undefined;
  categories?: readonly string[] | undefined;
  copyright?: string | undefined;
  /** What tells it from all others; its link by default. */
  id?: string | undefined;
  /** The address of the feed itself: that of the request by default. */
  feedUrl?: string | undefined;
  /** Minutes for which it may be kept. */
  ttl?: number | undefined;
  stylesheets?: readonly FeedStylesheet[] | undefined;
  /** Namespaces that elements of one's own are in: `{ itunes: "http://www.itunes.com/dtds/podcast-1.0.dtd" }`. */
  namespaces?: Readonly<Record<string, string>> | undefined;
  elements?: readonly FeedElement[] | undefined;
}

/** A feed whose addresses are complete, ready to be written. */
export interface CompleteFeed extends FeedContent {
  readonly feedUrl: string;
  readonly language: string;
  readonly items: readonly FeedItem[];
  /** When the last of its items changed; now where none says so. */
  readonly updated: Date;
}
