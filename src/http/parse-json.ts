import { httpErrors } from "./errors.ts";
import { HttpError } from "./http-error.ts";

const refusedKey = /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i;

/**
 * Reads JSON text that came from outside.
 * @throws HttpError 400: not UTF-8, not JSON (naming the place), nested too deeply, or with a key `__proto__`.
 */
export function parseJson(body: Buffer, maxDepth: number): unknown {
  const text = decodeUtf8(body);
  if (isTooDeep(text, maxDepth)) throw refused(`it is nested more than ${maxDepth} levels deep`);
  if (refusedKey.test(text)) throw refused('the key "__proto__" is never allowed');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw HttpError.from(400, httpErrors.HTTP_BAD_JSON(explainJsonError(text, (error as Error).message)));
  }
}

function refused(problem: string): HttpError {
  return HttpError.from(400, httpErrors.HTTP_JSON_REFUSED({ problem }));
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw refused("it is not UTF-8");
  }
}

const [quote, backslash, openBracket, openBrace, closeBracket, closeBrace] = [34, 92, 91, 123, 93, 125];

function isTooDeep(text: string, maxDepth: number): boolean {
  if (!opensMoreThan(text, maxDepth)) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) {
      i = endOfString(text, i);
    } else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) return true;
    } else if (code === closeBracket || code === closeBrace) depth--;
  }
  return false;
}

/** Whether there are more brackets than that, in strings or not: looking for them takes a fraction of the time of reading along. */
function opensMoreThan(text: string, most: number): boolean {
  let count = 0;
  for (const open of "[{") {
    for (let at = text.indexOf(open); at >= 0; at = text.indexOf(open, at + 1)) if (++count > most) return true;
  }
  return false;
}

/** Where the string that begins at `start` ends; the text's end where it does not. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function explainJsonError(text: string, message: string): { problem: string; line: number; column: number } {
  const found = /at position (\d+)/.exec(message);
  const at = found === null ? new JsonScanner(text).errorPosition() : Number(found[1]);
  const before = text.slice(0, at).split("\n");
  const place = { line: before.length, column: before.at(-1)!.length + 1 };
  if (text.trim() === "") return { problem: "it is empty", ...place };
  if (at >= text.length) return { problem: "it ends too early", ...place };
  return { problem: `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))}`, ...place };
}

const whitespace = /[ \t\n\r]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Finds where a text stops being JSON, for the errors of which V8 tells no position. Its depth was checked before. */
class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  errorPosition(): number {
    this.#value();
    return this.#at;
  }

  /** Whether a whole value was there; where not, `#at` stands on the first character that is wrong. */
  #value(): boolean {
    this.#skip(whitespace);
    const char = this.#text[this.#at];
    if (char === "{") return this.#members("}", () => this.#pair());
    if (char === "[") return this.#members("]", () => this.#value());
    if (char === '"') return this.#string();
    return this.#skip(scalar) > 0;
  }

  #members(close: string, member: () => boolean): boolean {
    this.#at++;
    if (this.#takes(close)) return true;
    do {
      if (!member()) return false;
    } while (this.#takes(","));
    return this.#takes(close);
  }

  #pair(): boolean {
    this.#skip(whitespace);
    return this.#text[this.#at] === '"' && this.#string() && this.#takes(":") && this.#value();
  }

  #string(): boolean {
    this.#at = Math.min(endOfString(this.#text, this.#at) + 1, this.#text.length);
    return true;
  }

  #takes(char: string): boolean {
    this.#skip(whitespace);
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skip(form: RegExp): number {
    form.lastIndex = this.#at;
    const length = form.exec(this.#text)?.[0].length ?? 0;
    this.#at += length;
    return length;
  }
}
