import type { UrlPattern } from "./path.ts";
import { isParam, type RoutePart } from "./route-matcher.ts";

/** The parameters of an address, by name or in order. */
export type ReverseParams = Readonly<Record<string, unknown>> | readonly unknown[];

/** One way in which an address can be made of a chain of patterns. */
export interface AddressWay {
  parts: readonly RoutePart[];
  params: readonly string[];
  extra: Readonly<Record<string, unknown>>;
  /** The patterns as they were written. */
  route: string;
  /** What the address must match: the patterns themselves. */
  check: RegExp;
}

/** The ways in which an address can be made of a chain: a part of a regular expression that may be left out gives two. */
export function waysOf(patterns: readonly UrlPattern[]): AddressWay[] {
  const extra = Object.assign({}, ...patterns.map((pattern) => pattern.extra));
  const route = patterns.map((pattern) => pattern.matcher.text).join("");
  const check = checkOf(patterns);
  let ways: RoutePart[][] = [[]];
  for (const { matcher } of patterns)
    ways = ways.flatMap((before) => matcher.templates().map((parts) => [...before, ...renumbered(parts, before)]));
  return ways.map((parts) => ({ parts, params: paramsOf(parts), extra, route, check }));
}

/** Groups without a name are counted through the whole chain. */
function renumbered(parts: readonly RoutePart[], before: readonly RoutePart[]): RoutePart[] {
  let count = before.filter(isParam).length;
  return parts.map((part) => (isParam(part) && /^\d+$/.test(part.param) ? { ...part, param: String(count++) } : part));
}

function paramsOf(parts: readonly RoutePart[]): string[] {
  return [...new Set(parts.filter(isParam).map(({ param }) => param))];
}

/** The patterns of a chain as one expression; group names may repeat in a chain, so where they do the groups lose them. */
function checkOf(patterns: readonly UrlPattern[]): RegExp {
  const source = `^${patterns.map(({ matcher }) => matcher.source).join("")}`;
  const flags = patterns.some(({ matcher }) => matcher.ignoreCase) ? "i" : "";
  try {
    return new RegExp(source, flags);
  } catch {
    return new RegExp(source.replace(/\(\?<([^=!][^>]*)>/g, "("), flags);
  }
}

/** The address without its first slash, not yet encoded; undefined where the way takes other parameters or values. */
export function fillWay(way: AddressWay, given: ReverseParams): string | undefined {
  const values = Array.isArray(given) ? byPosition(way, given) : byName(way, given as Readonly<Record<string, unknown>>);
  if (values === undefined) return undefined;
  let url = "";
  for (const part of way.parts) {
    const text = typeof part === "string" ? part : isParam(part) ? part.converter.toUrl(values[part.param]) : part();
    if (text === undefined) return undefined;
    url += text;
  }
  return way.check.test(url) ? url : undefined;
}

function byPosition({ params }: AddressWay, given: readonly unknown[]): Record<string, unknown> | undefined {
  if (given.length !== params.length || given.includes(undefined)) return undefined;
  return Object.fromEntries(params.map((param, i) => [param, given[i]]));
}

function byName(
  { params, extra }: AddressWay,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  for (const param of params) if (!Object.hasOwn(given, param) || given[param] === undefined) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (params.includes(name) || value === undefined) continue;
    if (!Object.hasOwn(extra, name) || extra[name] !== value) return undefined;
  }
  return given;
}
