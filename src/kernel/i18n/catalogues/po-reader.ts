import { charsetOf, type Message, type MessageFile, parseHeaders } from "./message.ts";

/*
 * How it works. A .po file is read line by line. Comments and keywords gather into a draft; a new draft begins where a comment,
 * `msgctxt` or `msgid` follows a translation. The message with the empty id is the header.
 */

/** Where a .po file cannot be read, and why. */
export class PoSyntaxError extends Error {
  readonly line: number;

  constructor(line: number, problem: string) {
    super(problem);
    this.line = line;
  }
}

type Part = "context" | "id" | "plural" | number;

interface Draft extends Message {
  /** The keyword that further quoted lines belong to. */
  part: Part | undefined;
  hasId: boolean;
}

function newDraft(line: number): Draft {
  return {
    id: "", translations: [], flags: [], comments: [], extracted: [], references: [], previous: [],
    obsolete: false, line, part: undefined, hasId: false,
  }; // prettier-ignore
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\", a: "\u0007", b: "\b", f: "\f", v: "\v",
}; // prettier-ignore

function unquote(text: string, line: number): string {
  if (text.length < 2 || !text.startsWith('"') || !text.endsWith('"')) {
    throw new PoSyntaxError(line, `${text === "" ? "a text" : text} must stand in double quotes`);
  }
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|[^])|"/g, (whole, code: string | undefined) => {
    if (code === undefined) throw new PoSyntaxError(line, 'a " inside of a text must be written \\"');
    if (/^x./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8));
    return escapes[code] ?? whole;
  });
}

class PoReader {
  readonly file: MessageFile = { headers: new Map(), headerComments: [], messages: [] };
  #draft = newDraft(1);

  readLine(text: string, line: number): void {
    if (text === "") return;
    if (text.startsWith("#~|")) return this.#begin(line, true);
    if (text.startsWith("#~")) return this.#readKeyword(text.slice(2).trim(), line, true);
    if (text.startsWith("#")) return this.#readComment(text, line);
    this.#readKeyword(text, line, false);
  }

  end(): MessageFile {
    this.#finish();
    return this.file;
  }

  #readComment(text: string, line: number): void {
    this.#begin(line);
    const [kind, rest] = [text[1], text.slice(2).trim()];
    const draft = this.#draft;
    if (kind === ",")
      draft.flags.push(...rest.split(",").map((flag) => flag.trim()).filter(Boolean)); // prettier-ignore
    else if (kind === ".") draft.extracted.push(rest);
    else if (kind === ":") draft.references.push(...rest.split(/\s+/).filter(Boolean));
    else if (kind === "|") draft.previous.push(rest);
    else draft.comments.push(text.slice(1).replace(/^ /, ""));
  }

  #readKeyword(text: string, line: number, obsolete: boolean): void {
    const found = /^(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s*(".*)$/.exec(text);
    if (found === null) return this.#continue(text, line);
    const [, keyword, index, quoted] = found;
    const value = unquote(quoted!, line);
    if (keyword === "msgctxt" || (keyword === "msgid" && (this.#draft.hasId || this.#draft.translations.length > 0))) {
      this.#begin(line, keyword === "msgctxt");
    }
    const draft = this.#draft;
    if (draft.part === undefined) draft.line = line;
    draft.obsolete = obsolete;
    if (keyword === "msgctxt") [draft.part, draft.context] = ["context", value];
    else if (keyword === "msgid") [draft.part, draft.id, draft.hasId] = ["id", value, true];
    else if (!draft.hasId) throw new PoSyntaxError(line, `${keyword} has no msgid before it`);
    else if (keyword === "msgid_plural") [draft.part, draft.plural] = ["plural", value];
    else this.#translate(index === undefined ? 0 : Number(index), value, line);
  }

  #translate(form: number, value: string, line: number): void {
    if (form > 9 || form !== this.#draft.translations.length) {
      throw new PoSyntaxError(line, `msgstr[${form}] stands where msgstr[${this.#draft.translations.length}] should`);
    }
    this.#draft.translations.push(value);
    this.#draft.part = form;
  }

  /** A further line of a text. */
  #continue(text: string, line: number): void {
    const draft = this.#draft;
    if (draft.part === undefined || !text.startsWith('"'))
      throw new PoSyntaxError(line, `"${text.slice(0, 40)}" is not understood`);
    const value = unquote(text, line);
    if (draft.part === "context") draft.context += value;
    else if (draft.part === "id") draft.id += value;
    else if (draft.part === "plural") draft.plural += value;
    else draft.translations[draft.part] += value;
  }

  /** Begins a message, unless the one begun has no text yet. */
  #begin(line: number, always = false): void {
    const { hasId, translations } = this.#draft;
    if (hasId && translations.length === 0 && !this.#draft.obsolete) throw new PoSyntaxError(line, "a msgid has no msgstr");
    if (hasId || (always && this.#draft.context !== undefined)) this.#finish(line);
  }

  #finish(line = 0): void {
    const { part: _, hasId, ...message } = this.#draft;
    this.#draft = newDraft(line);
    if (!hasId) return;
    if (message.translations.length === 0) throw new PoSyntaxError(message.line, "a msgid has no msgstr");
    if (message.id !== "" || message.context !== undefined) return void this.file.messages.push(message);
    this.file.headers = parseHeaders(message.translations[0]!);
    this.file.headerComments = message.comments;
    if (message.flags.includes("fuzzy")) this.file.headerComments.push(", fuzzy");
  }
}

/**
 * Reads a .po file; its header says in which charset it is.
 *
 * ```ts
 * parsePo('msgid "Name"\nmsgstr "이름"\n').messages[0]!.translations; // ["이름"]
 * ```
 * @throws PoSyntaxError
 */
export function parsePo(source: string | Uint8Array): MessageFile {
  const text = typeof source === "string" ? source : decode(source);
  const reader = new PoReader();
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) reader.readLine(line.trim(), index + 1);
  return reader.end();
}

function decode(bytes: Uint8Array): string {
  const charset = charsetOf(new TextDecoder("latin1").decode(bytes));
  try {
    return new TextDecoder(charset === "CHARSET" ? "utf-8" : charset, { fatal: true }).decode(bytes);
  } catch {
    throw new PoSyntaxError(1, `it is not written in ${charset}, as its header says`);
  }
}
