import { filter, type FilterState } from "../library.ts";
import { escapeHtml, safe, SafeString } from "../safe-string.ts";

const options = { argument: "none", text: true, receivesSafe: true } as const;

/** The text with one kind of line end, and how to make HTML of a piece of it. */
function prepare(value: string | SafeString, { autoescape }: FilterState) {
  const html = autoescape && !(value instanceof SafeString) ? escapeHtml : (text: string) => text;
  return { text: String(value).replace(/\r\n|\r/g, "\n"), html };
}

export const paragraphFilters = {
  linebreaks: filter((value, _, state) => {
    const { text, html } = prepare(value as string, state);
    const paragraphs = text.split(/\n{2,}/).map((paragraph) => `<p>${html(paragraph).replaceAll("\n", "<br>")}</p>`);
    return safe(paragraphs.join("\n\n"));
  }, options),
  linebreaksbr: filter((value, _, state) => {
    const { text, html } = prepare(value as string, state);
    return safe(html(text).replaceAll("\n", "<br>"));
  }, options),
  linenumbers: filter((value, _, state) => {
    const { autoescape } = state;
    const html = autoescape && !(value instanceof SafeString) ? escapeHtml : (text: string) => text;
    const lines = String(value).split("\n");
    const width = String(lines.length).length;
    return safe(lines.map((line, i) => `${String(i + 1).padStart(width, "0")}. ${html(line)}`).join("\n"));
  }, options),
}; // prettier-ignore
