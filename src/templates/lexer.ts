/** A piece of a template's source: text, `{{ variable }}`, `{% tag %}` or `{# comment #}`. */
export interface Token {
  readonly kind: "text" | "variable" | "tag" | "comment";
  /** Without the braces, trimmed; a text as it is. */
  readonly contents: string;
  readonly start: number;
  readonly end: number;
}

const closings: Readonly<Record<string, string>> = { "%": "%}", "{": "}}", "#": "#}" };

/** What stands in braces, each within one line. A sign that is looked for is looked for once: the source may be long. */
function* inBraces(source: string): Generator<{ start: number; text: string }> {
  const found = new Map<string, number>();
  const next = (sign: string, from: number): number => {
    let at = found.get(sign) ?? -1;
    if (at < from) {
      at = source.indexOf(sign, from);
      found.set(sign, (at = at < 0 ? Number.POSITIVE_INFINITY : at));
    }
    return at;
  };
  let from = 0;
  for (const { index: start } of source.matchAll(/\{(?=[%{#])/g)) {
    if (start < from) continue;
    const close = next(closings[source[start + 1]!]!, start + 2);
    if (close === Number.POSITIVE_INFINITY || next("\n", start) < close) continue;
    from = close + 2;
    yield { start, text: source.slice(start, from) };
  }
}

/** Cuts a template's source into tokens. What stands between `verbatim` tags stays text. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let from = 0;
  let verbatimEnd: string | undefined;
  for (const { start, text } of inBraces(source)) {
    const end = start + text.length;
    const contents = text.slice(2, -2).trim();
    if (verbatimEnd !== undefined && !(text.startsWith("{%") && contents === verbatimEnd)) continue;
    if (start > from) tokens.push({ kind: "text", contents: source.slice(from, start), start: from, end: start });
    from = end;
    tokens.push({ kind: kindOf(text), contents, start, end });
    if (verbatimEnd !== undefined) verbatimEnd = undefined;
    else if (text.startsWith("{%") && /^verbatim(\s|$)/.test(contents)) verbatimEnd = `end${contents}`;
  }
  if (from < source.length) tokens.push({ kind: "text", contents: source.slice(from), start: from, end: source.length });
  return tokens;
}

function kindOf(text: string): Token["kind"] {
  if (text.startsWith("{{")) return "variable";
  return text.startsWith("{%") ? "tag" : "comment";
}

const wordPattern = /(?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+)|\S+/g;

/** The words of a tag; quoted text and `_("…")` stay whole. */
export function splitWords(contents: string): string[] {
  const words: string[] = [];
  let open: { text: string; end: string } | undefined;
  for (const [word] of contents.matchAll(wordPattern)) {
    if (open !== undefined) {
      open.text += ` ${word}`;
      if (word.endsWith(open.end)) {
        words.push(open.text);
        open = undefined;
      }
    } else if (/^_\(["']/.test(word) && !word.endsWith(`${word[2]})`)) open = { text: word, end: `${word[2]})` };
    else words.push(word);
  }
  return open === undefined ? words : [...words, open.text];
}

/** Line and column (from 1) of an offset in a source. */
export function positionOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}
