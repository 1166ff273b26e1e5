/** A piece of HTML: a tag or a comment, or the text between two of them. */
export interface HtmlToken {
  readonly kind: "tag" | "comment" | "text";
  readonly text: string;
}

const tagStart = /<\/?[a-zA-Z!?]/y;

/**
 * Cuts HTML into tags, comments and text. What begins like a tag and never ends is text.
 * Each character is looked at a bounded number of times: the text may be a stranger's.
 */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  const endOf = endFinder(html);
  let textStart = 0;
  for (let at = html.indexOf("<"); at >= 0;) {
    const isComment = html.startsWith("<!--", at);
    const end = endOf(at, isComment);
    if (end > 0) {
      if (at > textStart) yield { kind: "text", text: html.slice(textStart, at) };
      yield { kind: isComment ? "comment" : "tag", text: html.slice(at, end) };
      textStart = end;
    }
    at = html.indexOf("<", Math.max(end, at + 1));
  }
  if (textStart < html.length) yield { kind: "text", text: html.slice(textStart) };
}

/** The text of HTML, without its tags and comments. */
export function textOfHtml(html: string): string {
  let text = "";
  for (const token of htmlTokens(html)) if (token.kind === "text") text += token.text;
  return text;
}

/** Finds where a tag or a comment that begins at a place ends: behind its `>`; 0 where none begins or it has no end. */
function endFinder(html: string): (start: number, isComment: boolean) => number {
  const last = html.lastIndexOf(">");
  const lastComment = html.lastIndexOf("-->");
  /** Quotes from which no `>` outside of quotes is reached. */
  const endless = new Set<number>();
  return (start, isComment) => {
    if (isComment && start < lastComment) return html.indexOf("-->", start) + 3;
    tagStart.lastIndex = start;
    if (start > last || !tagStart.test(html)) return 0;
    return endOutsideQuotes(html, start, endless) ?? html.indexOf(">", start) + 1;
  };
}

function endOutsideQuotes(html: string, start: number, endless: Set<number>): number | undefined {
  const special = /["'>]/g;
  const quotes: number[] = [];
  special.lastIndex = start;
  for (let found = special.exec(html); found !== null; found = special.exec(html)) {
    if (found[0] === ">") return found.index + 1;
    if (endless.has(found.index)) break;
    quotes.push(found.index);
    const close = html.indexOf(found[0], found.index + 1);
    if (close < 0) break;
    special.lastIndex = close + 1;
  }
  for (const quote of quotes) endless.add(quote);
  return undefined;
}
