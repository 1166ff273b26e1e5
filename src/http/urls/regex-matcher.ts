/*
 * Addresses written as regular expressions, and the other way: which addresses an expression can make.
 * A captured group becomes a parameter; a part that may be left out gives two templates, one with its parameters and
 * one without; a character class gives its first character; assertions give nothing. An expression with alternatives
 * outside of a group has no template: it matches, but cannot be reversed.
 */
import type { Converter } from "./converters.ts";
import { httpErrors } from "../errors.ts";
import { isParam, type RouteMatcher, type RoutePart } from "./route-matcher.ts";

const asText: Converter<unknown> = { regex: /[^]*/, toValue: (text) => text, toUrl: String };
const classExamples: Readonly<Record<string, string>> = { d: "0", w: "x", s: " ", D: "x", W: "!", S: "x", b: "", B: "" };

/** Compiles the pattern of a `rePath()`. */
export function compileRegex(pattern: RegExp | string): RouteMatcher {
  const source = typeof pattern === "string" ? pattern : pattern.source;
  const flags = typeof pattern === "string" ? "" : pattern.flags.replace(/[gy]/g, "");
  const regex = toRegExp(source, flags);
  return {
    text: source,
    source: source.replace(/^\^/, ""),
    ignoreCase: flags.includes("i"),
    match(path, offset) {
      const found = regex.exec(path.slice(offset));
      if (found === null) return undefined;
      const end = offset + found.index + found[0].length;
      if (found.groups !== undefined) return { end, params: named(found.groups) };
      const args = found.slice(1).filter((value) => value !== undefined);
      return args.length === 0 ? { end, params: {} } : { end, params: {}, args };
    },
    templates: () => new RegexReader(source).templates(),
  };
}

function toRegExp(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw httpErrors.HTTP_BAD_PATTERN({ pattern: source, problem: `is no regular expression (${(error as Error).message})` });
  }
}

function named(groups: Record<string, string | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

type Templates = RoutePart[][];

function join(before: Templates, after: Templates): Templates {
  return before.flatMap((left) => after.map((right) => [...left, ...right]));
}

/** Walks over the source of a regular expression once and collects its templates. */
class RegexReader {
  readonly #source: string;
  readonly #hasNames: boolean;
  #at = 0;
  #groups = 0;
  #reversible = true;

  constructor(source: string) {
    this.#source = source;
    this.#hasNames = /\(\?<[^=!]/.test(source);
  }

  templates(): Templates {
    const found = this.#sequence();
    return this.#reversible && found.length <= 64 ? found : [];
  }

  #sequence(): Templates {
    let templates: Templates = [[]];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#source[this.#at] === "|") this.#reversible = false;
      templates = join(templates, this.#repeated(this.#atom()));
    }
    return templates;
  }

  #atom(): Templates {
    const char = this.#source[this.#at++]!;
    if (char === "^" || char === "$" || char === "|") return [[]];
    if (char === "\\") return this.#escape();
    if (char === "[") return [[this.#characterClass()]];
    if (char === "(") return this.#group();
    return [[char]];
  }

  #escape(): Templates {
    const char = this.#source[this.#at++]!;
    if (char !== "k") return [[classExamples[char] ?? char]];
    const name = this.#take(/<([^>]+)>/y)?.[1] ?? "";
    return [[{ param: name, converter: asText }]];
  }

  #characterClass(): string {
    const found = this.#take(/(\^?)(\\?[^])(?:\\.|[^\]\\])*\]/y);
    if (found === null)
      throw httpErrors.HTTP_BAD_PATTERN({ pattern: this.#source, problem: "has a character class without an end" });
    const [, negated, first = ""] = found;
    if (negated) return "x";
    return first.startsWith("\\") ? (classExamples[first.slice(1)] ?? first.slice(1)) : first;
  }

  #group(): Templates {
    const head = this.#take(/\?(?:<([^=!][^>]*)>|:|=|!|<=|<!)/y);
    const name = head?.[1];
    const captures = head === null || name !== undefined;
    const param = captures ? (name ?? String(this.#groups++)) : undefined;
    const [groups, reversible] = [this.#groups, this.#reversible];
    const inner = this.#sequence();
    this.#at++;
    if (captures || head?.[0] !== "?:") [this.#groups, this.#reversible] = [groups, reversible];
    if (param === undefined) return head?.[0] === "?:" ? inner : [[]];
    // Beside named groups, the others are not parameters, but what they hold may be.
    return name === undefined && this.#hasNames ? inner : [[{ param, converter: asText }]];
  }

  #repeated(atom: Templates): Templates {
    const found = this.#take(/(?:([*+?])|\{(\d+)(?:,\d*)?\})\??/y);
    if (found === null) return atom;
    const least = found[1] === undefined ? Number(found[2]) : found[1] === "+" ? 1 : 0;
    const hasParams = atom.some((parts) => parts.some(isParam));
    if (least === 0) return hasParams ? [[], ...atom] : [[]];
    return hasParams ? atom : Array.from({ length: least - 1 }).reduce<Templates>((all) => join(all, atom), atom);
  }

  #take(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const found = form.exec(this.#source);
    if (found !== null) this.#at = form.lastIndex;
    return found;
  }
}
