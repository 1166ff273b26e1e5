/*
 * How it works. Just enough of JavaScript's and TypeScript's grammar to tell texts, comments, templates and regular expressions
 * from code: a slash begins a regular expression where no value stands before it. What stands in `${…}` is code again.
 */

/** A piece of a source: a name, a text without parts that are computed, a comment, or a mark of punctuation. */
export interface ScriptToken {
  readonly kind: "name" | "text" | "computed" | "comment" | "mark";
  /** A text's value, a comment's words, otherwise as it is written. */
  readonly text: string;
  readonly line: number;
}

const pattern = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)`,
    String.raw`(?<text>"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')`,
    "(?<template>`)",
    String.raw`(?<name>[\p{ID_Start}_$#][\p{ID_Continue}$\u200c\u200d]*)`,
    String.raw`(?<number>\.?\d(?:[\w.]|[eE][-+])*)`,
    String.raw`(?<mark>[^])`,
  ].join("|"),
  "uy",
);

const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/uy;
/** Words behind which a slash begins a regular expression. */
const beforeExpression = /^(?:return|typeof|case|in|of|delete|void|throw|new|await|yield|else|do|instanceof)$/;

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", v: "\v", "0": "\0", "\n": "" };

const escaped = /\\(?:u\{(?<braced>[0-9a-fA-F]{1,6})\}|u(?<four>[0-9a-fA-F]{4})|x(?<two>[0-9a-fA-F]{2})|(?<one>[^]))/gu;

/** The value of a text as it is written between its quotes. */
function unescape(text: string): string {
  return text.replace(escaped, (...found: unknown[]) => {
    const { braced, four, two, one } = found.at(-1) as Record<string, string | undefined>;
    const code = braced ?? four ?? two;
    return code === undefined ? (escapes[one!] ?? one!) : String.fromCodePoint(Math.min(Number.parseInt(code, 16), 0x10ffff));
  });
}

class Scanner {
  readonly tokens: ScriptToken[] = [];
  readonly #source: string;
  #at = 0;
  #line = 1;

  constructor(source: string) {
    this.#source = source;
  }

  /** Reads to the end, or to the brace that closes what stands in a template. */
  readCode(inTemplate: boolean): void {
    let depth = 0;
    while (this.#at < this.#source.length) {
      if (this.#readRegularExpression()) continue;
      pattern.lastIndex = this.#at;
      const found = pattern.exec(this.#source)!;
      const { groups = {} } = found;
      const [whole] = found;
      this.#at += whole.length;
      if (groups["template"] !== undefined) this.#readTemplate();
      else if (groups["text"] !== undefined) this.#add("text", unescape(whole.slice(1, -1)));
      else if (groups["comment"] !== undefined) this.#add("comment", commentText(whole));
      else if (groups["name"] !== undefined || groups["number"] !== undefined) this.#add("name", whole);
      else if (groups["mark"] !== undefined) {
        if (whole === "{") depth++;
        if (whole === "}" && depth-- === 0 && inTemplate) return;
        this.#add("mark", whole);
      }
      this.#countLines(whole);
    }
  }

  #add(kind: ScriptToken["kind"], text: string, line = this.#line): void {
    this.tokens.push({ kind, text, line });
  }

  #countLines(text: string): void {
    for (const char of text) if (char === "\n") this.#line++;
  }

  #readRegularExpression(): boolean {
    if (this.#source[this.#at] !== "/" || /[/*]/.test(this.#source[this.#at + 1] ?? "/")) return false;
    const before = this.tokens.findLast(({ kind }) => kind !== "comment");
    const endsValue =
      before !== undefined &&
      (before.kind === "name" ? !beforeExpression.test(before.text) : before.kind !== "mark" || /[)\]}]/.test(before.text));
    if (endsValue) return false;
    regularExpression.lastIndex = this.#at;
    const found = regularExpression.exec(this.#source);
    if (found === null) return false;
    this.#at += found[0].length;
    this.#add("computed", found[0]);
    return true;
  }

  /** A template in backquotes: a text where nothing in it is computed. */
  #readTemplate(): void {
    const start = this.#line;
    const mark = this.tokens.length;
    this.#add("computed", "`", start);
    let text = "";
    let isPlain = true;
    for (;;) {
      const piece = /(?:[^`\\$]|\\[^]|\$(?!\{))*/y;
      piece.lastIndex = this.#at;
      const [whole] = piece.exec(this.#source)!;
      text += whole;
      this.#at += whole.length;
      this.#countLines(whole);
      if (this.#source[this.#at] !== "$") break;
      isPlain = false;
      this.#at += 2;
      this.readCode(true);
    }
    this.#at++;
    if (isPlain) this.tokens[mark] = { kind: "text", text: unescape(text), line: start };
  }
}

function commentText(comment: string): string {
  if (comment.startsWith("//")) return comment.slice(2).trim();
  const lines = comment.slice(2, -2).split("\n");
  return lines.map((line) => line.trim().replace(/^\*+ ?/, "")).join("\n").trim(); // prettier-ignore
}

/** Cuts a source of JavaScript or TypeScript into tokens. */
export function scriptTokens(source: string): ScriptToken[] {
  const scanner = new Scanner(source);
  scanner.readCode(false);
  return scanner.tokens;
}
