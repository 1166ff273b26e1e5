import type { CortadoError } from "#kernel";
import { httpErrors } from "../errors.ts";
import type { UrlPattern } from "./path.ts";
import { type UrlChain, walkUrls } from "./walk-urls.ts";

/** A repeated group with a repetition inside: the ways to match a text grow with a power of its length. */
const nestedRepetition = /\((?:[^()\\]|\\.)*[+*](?:[^()\\]|\\.)*\)(?:[+*]|\{\d+,)/;

const isRegex = ({ matcher }: UrlPattern): boolean => matcher.ignoreCase !== undefined;
const routeOf = ({ patterns }: Pick<UrlChain, "patterns">): string => patterns.map(({ matcher }) => matcher.text).join("");

/** What can be seen of addresses before the first request: patterns that cannot match, and those that mean something else. */
export function* findUrlProblems(urls: readonly UrlPattern[]): Generator<CortadoError> {
  yield* findSharedNamespaces(urls);
  const earlier: string[] = [];
  for (const chain of walkUrls(urls)) {
    for (const pattern of chain.patterns) yield* findMisread(pattern);
    yield* findSlow(chain);
    if (chain.patterns.some(isRegex)) continue;
    const route = routeOf(chain);
    const hidden = earlier.find((other) => hides(other, route));
    if (hidden !== undefined) yield httpErrors.HTTP_CHECK_UNREACHABLE_URL({ route, earlier: hidden });
    earlier.push(route);
  }
}

/** Whether an earlier address takes every path of a later one: the same, or all that begins as the later one does. */
function hides(earlier: string, route: string): boolean {
  if (earlier === route) return true;
  const [, start] = /^([^<]*)<path:[^<>]*>$/.exec(earlier) ?? [];
  return start !== undefined && route.startsWith(start) && route.length > start.length;
}

function* findMisread(pattern: UrlPattern): Generator<CortadoError> {
  const { matcher, name, children } = pattern;
  const say = (problem: string, hint: string) => httpErrors.HTTP_CHECK_URL_PATTERN({ route: matcher.text, problem, hint });
  if (name?.includes(":"))
    yield say(`has a name with a colon, "${name}"`, "A colon separates namespaces: reverse() would look for one.");
  if (!isRegex(pattern)) {
    if (/^\^|\$$|\(\?P?</.test(matcher.text))
      yield say("is written as a regular expression", "path() takes it letter by letter: write rePath(), or <int:id>.");
    return;
  }
  if (/^\^?\//.test(matcher.text.replaceAll("\\/", "/")))
    yield say("begins with a slash, so it can never match", "The path begins behind its first slash: take the slash away.");
  if (children !== undefined && matcher.text.endsWith("$") && !matcher.text.endsWith("\\$"))
    yield say("ends with $, so nothing under it can match", "Take the $ away: what is included ends the path.");
}

function* findSlow(chain: UrlChain): Generator<CortadoError> {
  const route = routeOf(chain);
  const paths = route.match(/<path:/g) ?? [];
  if (paths.length > 1 || chain.patterns.some((pattern) => isRegex(pattern) && nestedRepetition.test(pattern.matcher.text)))
    yield httpErrors.HTTP_CHECK_SLOW_URL({ route });
}

function* findSharedNamespaces(urls: readonly UrlPattern[], before = "", seen = new Set<string>()): Generator<CortadoError> {
  for (const { namespace, children } of urls) {
    if (children === undefined) continue;
    const whole = namespace === undefined ? before : `${before}${namespace}:`;
    if (namespace !== undefined && seen.has(whole))
      yield httpErrors.HTTP_CHECK_SHARED_NAMESPACE({ namespace: whole.slice(0, -1) });
    if (namespace !== undefined) seen.add(whole);
    yield* findSharedNamespaces(children, whole, seen);
  }
}
