import { splitWords, type Token, tokenize } from "./lexer.ts";

/** A text of a source that is to be translated. */
export interface FoundMessage {
  readonly id: string;
  readonly plural?: string | undefined;
  readonly context?: string | undefined;
  /** What the source tells translators of it. */
  readonly comments: readonly string[];
  /** From 1. */
  readonly line: number;
}

/** Where a template's texts cannot be read. */
export interface MessageProblem {
  readonly problem: string;
  readonly line: number;
}

const constant = /_\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)/g;

/**
 * The texts of a template that are to be translated: of `{% translate %}`, `{% blocktranslate %}` and `_("…")`, with the comments
 * for translators that stand before them. Catalogues hold percent signs doubled, and names as `%(name)s`.
 *
 * ```ts
 * templateMessages('{% translate "Coffee" %}').messages[0]?.id; // "Coffee"
 * ```
 */
export function templateMessages(source: string): { messages: FoundMessage[]; problems: MessageProblem[] } {
  const reader = new TemplateReader(source);
  reader.read();
  return reader;
}

class TemplateReader {
  readonly messages: FoundMessage[] = [];
  readonly problems: MessageProblem[] = [];
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #line = 1;
  #counted = 0;
  /** The comment for translators that was read last, and the line on which it ends. */
  #comment: { text: string; line: number } | undefined;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  read(): void {
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at++]!;
      const line = this.#lineOf(token.start);
      if (token.kind === "comment") this.#readComment(token.contents, line);
      else if (token.kind === "variable") this.#readConstants(token.contents, line);
      else if (token.kind === "tag") this.#readTag(token, line);
    }
  }

  #lineOf(offset: number): number {
    for (let at = this.#source.indexOf("\n", this.#counted); at >= 0 && at < offset; at = this.#source.indexOf("\n", at + 1)) {
      this.#line++;
      this.#counted = at + 1;
    }
    return this.#line;
  }

  #readComment(text: string, line: number): void {
    const found = /^\s*Translators\b:?\s*([^]*?)\s*$/i.exec(text);
    if (found !== null) this.#comment = { text: found[1]!.replace(/\s*\n\s*/g, " "), line };
  }

  #readTag(token: Token, line: number): void {
    const [tag, ...words] = splitWords(token.contents);
    if (tag === "comment") return this.#skipComment();
    if (tag === "translate" || tag === "trans") this.#readTranslate(words, line);
    else if (tag === "blocktranslate" || tag === "blocktrans") this.#readBlock(token, line);
    else this.#readConstants(token.contents, line);
  }

  #skipComment(): void {
    let text = "";
    let line = this.#line;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]!;
      line = this.#lineOf(token.start);
      if (token.kind === "tag" && token.contents === "endcomment") break;
      text += this.#source.slice(token.start, token.end);
    }
    this.#at++;
    this.#readComment(text, line);
  }

  #readTranslate(words: readonly string[], line: number): void {
    const [given = ""] = words;
    const id = literalText(given);
    if (id !== undefined && id !== "") this.#add({ id: id.replaceAll("%", "%%"), context: contextOf(words), line });
    this.#readConstants(words.join(" "), line);
  }

  #readBlock(opening: Token, line: number): void {
    const [tag, ...words] = splitWords(opening.contents) as [string, ...string[]];
    this.#readConstants(words.join(" "), line);
    const trimmed = words.includes("trimmed");
    const forms = [""];
    for (;;) {
      const token = this.#tokens[this.#at++];
      if (token === undefined) return void this.problems.push({ problem: `{% ${tag} %} has no end`, line });
      if (token.kind === "text") forms[forms.length - 1] += token.contents.replaceAll("%", "%%");
      else if (token.kind === "variable") forms[forms.length - 1] += `%(${token.contents})s`;
      else if (token.kind === "tag" && token.contents === `end${tag}`) break;
      else if (token.kind === "tag" && token.contents === "plural") forms.push("");
      else if (token.kind === "tag")
        return void this.problems.push({ problem: `{% ${tag} %} holds the tag {% ${token.contents} %}`, line });
    }
    const [id, plural] = forms.map((text) => (trimmed ? text.trim().replace(/\s*\n\s*/g, " ") : text));
    if (id !== "") this.#add({ id: id!, plural, context: contextOf(words), line });
  }

  #readConstants(text: string, line: number): void {
    for (const [, quoted] of text.matchAll(constant)) {
      const id = literalText(quoted!);
      if (id !== undefined && id !== "") this.#add({ id: id.replaceAll("%", "%%"), line });
    }
  }

  #add(message: Omit<FoundMessage, "comments">): void {
    const comment = this.#comment;
    const isNear = comment !== undefined && message.line - comment.line <= 1;
    this.messages.push({ ...message, comments: isNear ? [comment.text] : [] });
  }
}

/** The text of a quoted word, with or without filters behind it; undefined where the word is a name. */
function literalText(word: string): string | undefined {
  const found = /^(?:_\()?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/.exec(word);
  return found?.[1]!.slice(1, -1).replace(/\\(["'\\])/g, "$1");
}

function contextOf(words: readonly string[]): string | undefined {
  const at = words.indexOf("context");
  return at < 0 ? undefined : literalText(words[at + 1] ?? "");
}
