import { element, escapeXml, type Xml, xmlDeclaration } from "../xml/xml.ts";
import type { FeedContent, FeedElement, FeedStylesheet } from "./feed-content.ts";

/** An element where there is something to say. */
export function optional(name: string, text: string | number | null | undefined): Xml[] {
  return text === null || text === undefined || text === "" ? [] : [element(name, {}, String(text))];
}

/** Elements of one's own. */
export function ownElements(given: readonly FeedElement[] = []): Xml[] {
  return given.map(([name, attributes, content = ""]) =>
    element(name, attributes, typeof content === "string" ? content : ownElements(content)),
  );
}

/** The namespaces of one's own, as attributes. */
export function namespacesOf({ namespaces = {} }: FeedContent): Record<string, string> {
  return Object.fromEntries(Object.entries(namespaces).map(([prefix, url]) => [`xmlns:${prefix}`, url]));
}

/** A document: its declaration, its stylesheets, its root. */
export function documentOf(root: Xml, { stylesheets = [] }: FeedContent): string {
  return `${xmlDeclaration}${stylesheets.map(stylesheetLine).join("")}${root}\n`;
}

const mimeTypes: Readonly<Record<string, string>> = { css: "text/css", xsl: "text/xsl", xslt: "text/xsl" };

function stylesheetLine(given: FeedStylesheet): string {
  const { url, mimeType, media } = typeof given === "string" ? { url: given } : ({ media: "screen", ...given } as const);
  const type = mimeType ?? mimeTypes[/\.(\w+)(?:[?#]|$)/.exec(url)?.[1]?.toLowerCase() ?? ""];
  const attributes = { href: url, type, media: media ?? "screen" };
  const text = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    // The instruction would end at "?>".
    .map(([name, value]) => `${name}="${escapeXml(value!)}"`);
  return `<?xml-stylesheet ${text.join(" ")}?>\n`;
}
