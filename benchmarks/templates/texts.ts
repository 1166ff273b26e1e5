import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

/** What the templates show. */
export const rows = Array.from({ length: 100 }, (_, i) => ({
  id: i + 1,
  name: i % 7 === 0 ? `Caffè <"Latte"> & Co ${i}` : `Coffee ${i}`,
  price: 3000 + i * 10,
  isIce: i % 2 === 0,
}));
export const context = {
  rows,
  heading: "Coffee & more",
  links: ["home", "menu", "about"].map((text) => ({ url: `/${text}/?a=1&b=2`, text })),
};

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
const escapeText = (text: string) => text.replace(/[&<>"']/g, (char) => escapes[char]!);

/** Each case's text, written by hand as a function would be. */
export const literals = {
  table(): string {
    let out = "<table>";
    for (const row of rows)
      out += `<tr><td>${row.id}</td><td>${escapeText(row.name)}</td><td>${row.price}</td><td>${row.isIce ? "ice" : "hot"}</td></tr>`;
    return `${out}</table>`;
  },
  page(): string {
    let out = `<!doctype html><html><head><title>${escapeText(context.heading)}</title></head><body><nav>`;
    for (const link of context.links) out += `<a href="${escapeText(link.url)}">${escapeText(link.text)}</a>`;
    out += `</nav><main><h1>${escapeText(context.heading.toUpperCase())}</h1>`;
    for (const row of rows)
      out += `<article><h2>${escapeText(row.name)}</h2><p>${row.price}${row.isIce ? " <b>ice</b>" : ""}</p></article>`;
    return `${out}<p>${rows.length} in all</p></main></body></html>`;
  },
};
export type CaseName = keyof typeof literals;

/** Refuses a peer that renders something else: quotes may be written in other ways, and engines that end files with a line do. */
export function same(name: CaseName, html: string): void {
  const plain = html.replaceAll("&#39;", "&#x27;").replaceAll("&#34;", "&quot;").replaceAll("\n", "");
  if (plain !== literals[name]()) throw new Error("renders something else than the literal");
}

export const folderOf = (language: string) => join(import.meta.dirname, language);
export const textOf = (language: string, file: string) => readFileSync(join(folderOf(language), file), "utf8");

/** A file with the context and the wanted text, for another process. */
export function contextFile(name: CaseName): string {
  const file = join(temporaryFolder(), `${name}.json`);
  writeFileSync(file, JSON.stringify([context, literals[name]()]));
  return file;
}
