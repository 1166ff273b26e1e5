import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A page that both are asked for. */
export interface AskedPage {
  name: string;
  url: string;
  /** What is posted; a page is read without it. */
  data?: Record<string, string>;
  language?: string;
  /** It shows widgets, whose templates break their lines elsewhere: white space between tags is not compared. */
  widgets?: boolean;
  /** The Django from which on it has what the page uses. */
  since?: string;
  /** What Django shows besides, and Cortado leaves out on purpose: a regular expression. */
  without?: string;
  /** The body is not compared: an error page of the framework's own. */
  statusOnly?: boolean;
}

/** What was answered. */
export interface Answer {
  status: number;
  body: string;
}

/** What Django answered, line by line. */
export interface RecordedPage {
  status: number;
  lines: readonly string[];
}

export const folder = import.meta.dirname;
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

export const askedPages = read("requests.json") as readonly AskedPage[];
export const recordedPages = read("recorded.json") as Readonly<Record<string, RecordedPage>>;
export const rows = read("rows.json") as Record<"authors" | "books" | "reviews", Record<string, any>[]>;

/** A page without what differs by chance: the tokens of forms. */
export function withoutTokens(body: string): string {
  return body.replaceAll(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1TOKEN");
}

/** What is compared of a page: all of it; where it shows widgets, all but the white space around tags. */
export function comparable({ widgets, without }: AskedPage, text: string): string {
  const body = without === undefined ? text : text.replaceAll(new RegExp(without, "g"), "");
  return widgets ? withoutLayout(body) : body;
}

function withoutLayout(body: string): string {
  return body.replace(/\s+/g, " ").replace(/\s*(<[^>]*>)\s*/g, "$1");
}
