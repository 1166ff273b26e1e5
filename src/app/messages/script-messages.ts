import type { FoundMessage } from "#templates";
import { type ScriptToken, scriptTokens } from "./script-tokens.ts";

type Part = "id" | "plural" | "context";

/** What stands at which place of a call. */
const calls = new Map<string, readonly Part[]>([
  ["_", ["id"]],
  ...["gettext", "gettextLazy", "gettextNoop"].map((name) => [name, ["id"]] as const),
  ...["ngettext", "ngettextLazy"].map((name) => [name, ["id", "plural"]] as const),
  ...["pgettext", "pgettextLazy"].map((name) => [name, ["context", "id"]] as const),
  ...["npgettext", "npgettextLazy"].map((name) => [name, ["context", "id", "plural"]] as const),
]);

/**
 * The texts of a source that are to be translated: what stands literally in calls of `gettext` and its kin, with the comments for
 * translators before them.
 *
 * ```ts
 * scriptMessages('gettext("Coffee")'); // [{ id: "Coffee", … }]
 * ```
 */
export function scriptMessages(source: string): FoundMessage[] {
  if (!/gettext|\b_\(/.test(source)) return [];
  const tokens = scriptTokens(source);
  const code = tokens.filter(({ kind }) => kind !== "comment");
  const comments = commentsFor(tokens);
  return code.flatMap((token, at) => {
    const parts = token.kind === "name" ? calls.get(token.text) : undefined;
    if (parts === undefined || code[at + 1]?.text !== "(" || code[at + 1]?.kind !== "mark") return [];
    const texts = literalArguments(code, at + 2, parts.length);
    if (texts === undefined) return [];
    const found = Object.fromEntries(parts.map((part, index) => [part, texts[index]!])) as Record<Part, string>;
    return found.id === "" ? [] : [{ ...found, comments: commentsAt(comments, token.line), line: token.line }];
  });
}

/** The first arguments of a call, where each is a text or a sum of texts. */
function literalArguments(code: readonly ScriptToken[], start: number, count: number): string[] | undefined {
  const texts: string[] = [];
  for (let at = start; texts.length < count; at++) {
    if (code[at]?.kind !== "text") return undefined;
    let text = code[at]!.text;
    while (isMark(code[at + 1], "+") && code[at + 2]?.kind === "text") {
      text += code[at + 2]!.text;
      at += 2;
    }
    texts.push(text);
    at++;
    const isLast = texts.length === count;
    if (!isMark(code[at], ",") && !(isLast && isMark(code[at], ")"))) return undefined;
  }
  return texts;
}

function isMark(token: ScriptToken | undefined, text: string): boolean {
  return token?.kind === "mark" && token.text === text;
}

interface TranslatorComment {
  text: string;
  /** The line on which it ends. */
  line: number;
}

/** The comments for translators; one that goes on in `//` lines below is one comment. */
function commentsFor(tokens: readonly ScriptToken[]): TranslatorComment[] {
  const found: TranslatorComment[] = [];
  for (const { kind, text, line } of tokens) {
    if (kind !== "comment") continue;
    const last = found.at(-1);
    const end = line + text.split("\n").length - 1;
    const words = /^Translators:?\s*([^]*)$/i.exec(text)?.[1];
    if (words !== undefined) found.push({ text: words.replace(/\s*\n\s*/g, " ").trim(), line: end });
    else if (last !== undefined && line === last.line + 1 && !text.includes("\n"))
      found[found.length - 1] = { text: `${last.text} ${text}`, line };
  }
  return found;
}

/** The comment that stands on the line of a call, or on the one above. */
function commentsAt(comments: readonly TranslatorComment[], line: number): string[] {
  const near = comments.findLast((comment) => comment.line === line || comment.line === line - 1);
  return near === undefined ? [] : [near.text];
}
