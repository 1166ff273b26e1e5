import { converterNames, type Converter, findConverter } from "./converters.ts";
import { httpErrors } from "../errors.ts";

export interface RouteMatch {
  /** Where in the path the match ends. */
  end: number;
  params: Record<string, unknown>;
  /** What groups without a name captured, in their order; left out where there are none. */
  args?: readonly string[] | undefined;
}

/** The value of a parameter in a reversed address. */
export interface RouteParam {
  readonly param: string;
  readonly converter: Converter<any>;
}

/** What a reversed address is made of: fixed text, text that is asked for each time (a language), or the value of a parameter. */
export type RoutePart = string | (() => string) | RouteParam;

export function isParam(part: RoutePart): part is RouteParam {
  return typeof part === "object";
}

/** Matches the part of a path that begins at an offset. */
export interface RouteMatcher {
  /** The pattern as it was written. */
  readonly text: string;
  /** As the source of a regular expression, for the check of a reversed address. */
  readonly source: string;
  /** Whether the expression takes capitals for small letters. */
  readonly ignoreCase?: boolean | undefined;
  match(path: string, offset: number): RouteMatch | undefined;
  /** The ways in which an address can be made, each a list of parts. */
  templates(): readonly (readonly RoutePart[])[];
}

const parameter = /<(?:([^<>:]*):)?([^<>]*)>/g;
const identifier = /^(?!__proto__$)[\p{ID_Start}_][\p{ID_Continue}]*$/u;

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

function parseParts(pattern: string): (string | RouteParam)[] {
  const bad = (problem: string): Error => httpErrors.HTTP_BAD_PATTERN({ pattern, problem });
  if (pattern.startsWith("/")) throw bad("begins with a slash, so it can never match");
  const parts: (string | RouteParam)[] = [];
  const names = new Set<string>();
  let end = 0;
  for (const found of pattern.matchAll(parameter)) {
    const [whole, kind = "str", name = ""] = found;
    if (!identifier.test(name)) throw bad(`has the parameter "${whole}", whose name is not an identifier`);
    if (names.has(name)) throw bad(`has the parameter "${name}" twice`);
    const converter = findConverter(kind);
    if (converter === undefined) throw httpErrors.HTTP_UNKNOWN_CONVERTER({ pattern, given: kind, known: converterNames() });
    names.add(name);
    if (found.index > end) parts.push(pattern.slice(end, found.index));
    parts.push({ param: name, converter });
    end = found.index + whole.length;
  }
  if (end < pattern.length) parts.push(pattern.slice(end));
  if (parts.some((part) => typeof part === "string" && /[<>]/.test(part))) throw bad("has an angle bracket without its partner");
  return parts;
}

function sourceOf(parts: readonly (string | RouteParam)[]): string {
  return parts.map((part) => (typeof part === "string" ? escapeRegex(part) : `(${part.converter.regex.source})`)).join("");
}

/** Compiles the pattern of a `path()`; `whole` when it must match to the end of the path. */
export function compileRoute(pattern: string, whole: boolean): RouteMatcher {
  const parts = parseParts(pattern);
  const source = sourceOf(parts) + (whole ? "$" : "");
  const templates = (): RoutePart[][] => [parts];
  const first = parts[0];
  if (parts.length === 0 || (parts.length === 1 && typeof first === "string"))
    return { text: pattern, source, match: literalMatch(pattern, whole), templates };
  const params = parts.filter(isParam);
  return {
    text: pattern,
    source,
    match: parameterMatch(new RegExp(source, "y"), typeof first === "string" ? first : "", params),
    templates,
  };
}

function literalMatch(text: string, whole: boolean): RouteMatcher["match"] {
  const { length } = text;
  return (path, offset) => {
    if (whole && path.length !== offset + length) return undefined;
    return path.startsWith(text, offset) ? { end: offset + length, params: {} } : undefined;
  };
}

function parameterMatch(regex: RegExp, prefix: string, params: readonly RouteParam[]): RouteMatcher["match"] {
  return (path, offset) => {
    if (!path.startsWith(prefix, offset)) return undefined;
    regex.lastIndex = offset;
    const found = regex.exec(path);
    if (found === null) return undefined;
    const values: Record<string, unknown> = {};
    for (let i = 0; i < params.length; i++) {
      const { param, converter } = params[i]!;
      const value = converter.toValue(found[i + 1]!);
      if (value === undefined) return undefined;
      values[param] = value;
    }
    return { end: offset + found[0].length, params: values };
  };
}
