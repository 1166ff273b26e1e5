import { type HttpRequest, HttpResponse, methods, type View } from "#http";
import { currentLanguage } from "#kernel/i18n";
import { namedView, type Params, type Step, stepValue, type ViewCall } from "../generic/view-call.ts";
import { latestOf, momentOf } from "../xml/moments.ts";
import { atom } from "./atom.ts";
import type { CompleteFeed, FeedContent, FeedItem } from "./feed-content.ts";
import { rss } from "./rss.ts";

/** Writes a feed in a format of one's own. */
export interface FeedFormat {
  contentType: string;
  write(feed: CompleteFeed): string;
}

/** What a feed is about: a row of the address, or nothing in particular. */
type FeedCall<Object, P> = ViewCall<P> & { readonly object: Object };

/** Its content may depend on what it is about. */
type ContentOptions<C> = { [K in keyof FeedContent]: Step<FeedContent[K], C> } & {
  title: Step<string, C>;
  link: Step<string, C>;
};

/** How a feed is made. */
export type FeedOptions<T, Object = undefined, P = Params> = ContentOptions<FeedCall<Object, P>> & {
  /** `rss` (2.0.1, the default), `atom` (1.0), or one of your own. */
  format?: "rss" | "atom" | FeedFormat | undefined;
  /** What the feed is about, where its address says so: a roaster, whose coffees it lists. */
  getObject?: ((call: ViewCall<P>) => Object | Promise<Object>) | undefined;
  /** The rows, the newest first: a list or a query. */
  items: readonly T[] | PromiseLike<readonly T[]> | ((call: FeedCall<Object, P>) => readonly T[] | PromiseLike<readonly T[]>);
  /** The entry of a row. */
  item: (row: T, call: FeedCall<Object, P>) => FeedItem | Promise<FeedItem>;
};

const formats = {
  rss: { contentType: "application/rss+xml; charset=utf-8", write: rss },
  atom: { contentType: "application/atom+xml; charset=utf-8", write: atom },
} satisfies Record<string, FeedFormat>;

/**
 * A feed, to be followed with a reader.
 *
 * ```ts
 * path("feed.xml", feed({
 *   title: "News",
 *   link: "/posts/",
 *   items: () => Post.objects.orderBy("-published").slice(0, 20),
 *   item: (post) => ({ title: post.title, link: `/posts/${post.slug}/`, published: post.published }),
 * }));
 * ```
 */
export function feed<T, Object = undefined, P = Params>(options: FeedOptions<T, Object, P>): View<P> {
  const view = async (request: HttpRequest, params: P) => {
    const { format = "rss" } = options;
    const { contentType, write } = typeof format === "string" ? formats[format] : format;
    const call = { request, params };
    const object = (await options.getObject?.(call)) as Object;
    const made = await contentOf<T, Object, P>(options, { ...call, object });
    const response = new HttpResponse(write(made.feed));
    response.setHeader("content-type", contentType);
    if (made.lastModified) response.setHeader("last-modified", made.lastModified.toUTCString());
    return response;
  };
  return methods(namedView("feed", view), ["GET"]);
}

async function contentOf<T, Object, P>(
  options: FeedOptions<T, Object, P>,
  call: FeedCall<Object, P>,
): Promise<{ feed: CompleteFeed; lastModified: Date | undefined }> {
  const { format: _format, getObject: _getObject, items: given, item, ...parts } = options;
  const values = Object.entries(parts).map(
    async ([name, step]) => [name, await stepValue(step as Step<unknown, any>, call)] as const,
  );
  const content = Object.fromEntries(await Promise.all(values)) as unknown as FeedContent;
  const rows = await (typeof given === "function" ? given(call) : given);
  const { request } = call;
  const items = (await Promise.all(rows.map((row) => item(row, call)))).map((one) => complete(one, request));
  const lastModified = latestOf(
    items.map((one) => momentOf(one.updated ?? one.published)).filter((known) => known !== undefined),
  );
  const feed: CompleteFeed = {
    ...content,
    link: request.absoluteUrl(content.link),
    feedUrl: request.absoluteUrl(content.feedUrl ?? request.url),
    language: content.language ?? currentLanguage(),
    items,
    updated: lastModified ?? new Date(),
  };
  return { feed, lastModified };
}

/** An item whose addresses are whole. */
function complete(item: FeedItem, request: HttpRequest): FeedItem {
  return {
    ...item,
    link: request.absoluteUrl(item.link),
    comments: item.comments && request.absoluteUrl(item.comments),
    enclosures: item.enclosures?.map((one) => ({ ...one, url: request.absoluteUrl(one.url) })),
  };
}
