/*
 * How it works: what a function takes is read from its own source, once, when a template that names its tag is compiled. So a
 * tag's arguments are checked without a word more than the function itself: `(name, { size = 1 }) => …`.
 */

/** A parameter that has a place. */
export interface Parameter {
  /** Undefined where it is a pattern. */
  readonly name: string | undefined;
  readonly optional: boolean;
}

/** What a function takes. */
export interface Signature {
  readonly positional: readonly Parameter[];
  /** `...others`: any number of further arguments. */
  readonly rest: boolean;
  /** `{ size = 1 }` at the end: arguments by name. */
  readonly named: NamedParameters | undefined;
}

export interface NamedParameters {
  readonly names: readonly (Parameter & { readonly name: string })[];
  /** `{ ...others }`: any further names. */
  readonly rest: boolean;
  /** `{ … } = {}`: there may be none. */
  readonly optional: boolean;
}

const signatures = new WeakMap<object, Signature | null>();

/** What a function takes; undefined where its source does not say, as of a bound one. */
export function signatureOf(run: (...given: any[]) => unknown): Signature | undefined {
  let known = signatures.get(run);
  if (known === undefined) signatures.set(run, (known = readSignature(Function.prototype.toString.call(run)) ?? null));
  return known ?? undefined;
}

function readSignature(source: string): Signature | undefined {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(source)) return undefined;
  const single = /^(?:async\s+)?([\p{L}_$][\p{L}\p{N}_$]*)\s*=>/u.exec(source);
  const list = single ? [single[1]!] : parameterList(source);
  if (list === undefined) return undefined;
  const rest = list.at(-1)?.startsWith("...") === true;
  const last = list.at(-1);
  const named = last?.startsWith("{") ? namedParameters(last) : undefined;
  const positional = list.slice(0, rest || named ? -1 : undefined).map(parameterOf);
  return { positional, rest, named };
}

function parameterList(source: string): string[] | undefined {
  const open = source.indexOf("(");
  if (open < 0) return undefined;
  const parts = [...partsOf(source.slice(open + 1))];
  return parts.filter((part, i) => part !== "" || i < parts.length - 1);
}

function parameterOf(text: string): Parameter {
  const name = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(text)?.[0];
  return { name, optional: hasDefault(text) };
}

function namedParameters(pattern: string): NamedParameters {
  const keys = [...partsOf(pattern.slice(1))].filter((key) => key !== "");
  const optional = hasDefault(pattern);
  const names = keys.flatMap((key) => {
    const name = /^["']?([\p{L}\p{N}_$-]+)/u.exec(key)?.[1];
    return name === undefined || key.startsWith("...") ? [] : [{ name, optional: optional || hasDefault(key) }];
  });
  return { names, rest: keys.some((key) => key.startsWith("...") || key.startsWith("[")), optional };
}

/** Whether an `=` stands outside of all brackets. */
function hasDefault(text: string): boolean {
  let depth = 0;
  for (const { character, code } of codeOf(text)) {
    if (!code) continue;
    if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (character === "=" && depth === 0) return true;
  }
  return false;
}

/** What stands between commas, up to the bracket that closes; without comments. */
function* partsOf(text: string): Generator<string> {
  let part = "";
  let depth = 0;
  for (const { character, code } of codeOf(text)) {
    if (code && ")]}".includes(character) && --depth < 0) break;
    if (code && "([{".includes(character)) depth++;
    if (code && character === "," && depth === 0) {
      yield part.trim();
      part = "";
    } else part += character;
  }
  yield part.trim();
}

/** The characters of a source, without its comments, each with whether it is code and not inside a text. */
function* codeOf(source: string): Generator<{ character: string; code: boolean }> {
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    const pair = source.slice(at, at + 2);
    if (pair === "//" || pair === "/*") {
      const end = source.indexOf(pair === "//" ? "\n" : "*/", at + 2);
      if (end < 0) return;
      at = pair === "//" ? end : end + 1;
    } else if (character === '"' || character === "'" || character === "`") {
      const end = endOfText(source, at);
      for (const inside of source.slice(at, end)) yield { character: inside, code: false };
      at = end - 1;
    } else yield { character, code: true };
  }
}

function endOfText(source: string, start: number): number {
  let at = start + 1;
  while (at < source.length && source[at] !== source[start]) at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}
