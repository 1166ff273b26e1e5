import { i18nSettings, overrideLanguage } from "#kernel/i18n";
import { QuerySet } from "#orm";
import { inOrder } from "../pagination/page-source.ts";
import type { HasAddress } from "../redirect.ts";
import { latestOf, momentOf } from "../xml/moments.ts";
import { element, type Xml } from "../xml/xml.ts";
import type { SitemapSection } from "./section.ts";

/** A query of more rows is not read whole to know which is the latest. */
const longQuery = 1000;

/** An item, and the language of its page. */
interface Place {
  readonly item: any;
  readonly language: string | undefined;
}

/** Reads a section during one request: of a query the addresses of one file only. */
export class SectionReader {
  readonly name: string;
  readonly #section: SitemapSection;
  #rows: Promise<{ rows: QuerySet<any, any, any> | readonly any[] }> | undefined;
  #count: Promise<number> | undefined;

  constructor(name: string, section: SitemapSection) {
    this.name = name;
    this.#section = section;
  }

  async #items(): Promise<{ rows: QuerySet<any, any, any> | readonly any[] }> {
    const { items } = this.#section;
    const given = typeof items === "function" ? items() : items;
    return { rows: given instanceof QuerySet ? inOrder(given) : await given };
  }

  get #languages(): readonly (string | undefined)[] {
    return this.#section.languages ?? [undefined];
  }

  /** Items in one file: an item stands there in all its languages. */
  get #perPage(): number {
    return Math.max(1, Math.floor((this.#section.limit ?? 50_000) / this.#languages.length));
  }

  /** How many addresses there are. */
  async count(): Promise<number> {
    const { rows } = await (this.#rows ??= this.#items());
    this.#count ??= rows instanceof QuerySet ? rows.count() : Promise.resolve(rows.length);
    return (await this.#count) * this.#languages.length;
  }

  /** How many files it takes. */
  async pages(): Promise<number> {
    return Math.max(1, Math.ceil((await this.count()) / this.#languages.length / this.#perPage));
  }

  /** The addresses of a file, and when the last of its pages changed, where this is known of all. */
  async urls(base: string, page: number): Promise<{ urls: Xml[]; lastModified: Date | undefined }> {
    const { rows } = await (this.#rows ??= this.#items());
    const items = await rows.slice((page - 1) * this.#perPage, page * this.#perPage);
    const urls = items.flatMap((item) => this.#languages.map((language) => this.#url(base, { item, language })));
    return { urls, lastModified: latestOf(items.map((item) => momentOf(this.#of(item, this.#section.lastModified)))) };
  }

  /** When the last of its pages changed; undefined where this is not known of all. */
  async latest(): Promise<Date | undefined> {
    const { lastModified, latest: asked } = this.#section;
    if (asked !== undefined) return momentOf(await asked());
    if (lastModified === undefined) return undefined;
    const { rows } = await (this.#rows ??= this.#items());
    if (rows instanceof QuerySet && (await this.count()) > longQuery) return undefined;
    return latestOf((await rows).map((item: any) => momentOf(this.#of(item, lastModified))));
  }

  #of<V>(item: any, given: V | ((item: any) => V)): V {
    return typeof given === "function" ? (given as (item: any) => V)(item) : given;
  }

  #location(base: string, { item, language }: Place): string {
    const ask = (): string => this.#section.location?.(item) ?? (item as HasAddress).getAbsoluteUrl();
    const path = language === undefined ? ask() : overrideLanguage(language, ask);
    return new URL(path, base).href;
  }

  #url(base: string, place: Place): Xml {
    const { item } = place;
    const { lastModified, changeFrequency, priority } = this.#section;
    const [changed, often, weight] = [this.#of(item, lastModified), this.#of(item, changeFrequency), this.#of(item, priority)];
    return element("url", {}, [
      element("loc", {}, this.#location(base, place)),
      ...(changed ? [element("lastmod", {}, changed instanceof Date ? changed.toISOString() : changed.toString())] : []),
      ...(often ? [element("changefreq", {}, often)] : []),
      ...(weight === undefined ? [] : [element("priority", {}, weight.toFixed(1))]),
      ...this.#alternates(base, item),
    ]);
  }

  #alternates(base: string, item: any): Xml[] {
    const { languages = [], alternates, xDefault } = this.#section;
    if (!alternates) return [];
    const link = (hreflang: string, language: string) =>
      element("xhtml:link", { rel: "alternate", hreflang, href: this.#location(base, { item, language }) });
    const links = languages.map((language) => link(language, language));
    return xDefault ? [...links, link("x-default", i18nSettings().language)] : links;
  }
}
