import type { Moment } from "../xml/moments.ts";

/** How often a page changes. */
export type ChangeFrequency = "always" | "hourly" | "daily" | "weekly" | "monthly" | "yearly" | "never";

/** A value, or what it is for an item. */
type Of<T, V> = V | ((item: T) => V);

/** Some pages of a site, by the items that they are about. */
export interface SitemapSection<T = any> {
  /** The items: a list, a query, or a function that gives one. */
  items: SitemapItems<T> | (() => SitemapItems<T> | Promise<readonly T[]>);
  /** The path of an item's page: its `getAbsoluteUrl()` by default. */
  location?: ((item: T) => string) | undefined;
  lastModified?: Of<T, Moment> | undefined;
  /** When the last of all pages changed, for the index; without it the items of lists are asked, but not those of long queries. */
  latest?: (() => Moment | Promise<Moment>) | undefined;
  changeFrequency?: Of<T, ChangeFrequency | undefined> | undefined;
  /** 0 to 1, beside the other pages of the site. */
  priority?: Of<T, number | undefined> | undefined;
  /** Addresses in one file: 50,000, which is the most that there may be. */
  limit?: number | undefined;
  /** Each item has a page in each of these languages; `location` is asked in each. */
  languages?: readonly string[] | undefined;
  /** Each page names the same page in the other languages. */
  alternates?: boolean | undefined;
  /** Among these is the page for everybody else: that of the project's language. */
  xDefault?: boolean | undefined;
}

/** Items of a section. */
export type SitemapItems<T> = readonly T[] | (PromiseLike<readonly T[]> & { count?(): PromiseLike<number> });
