import type { View } from "../view.ts";
import type { UrlPattern } from "./path.ts";

/** What a match is made of. */
export interface MatchParts {
  view: View;
  params: Record<string, unknown>;
  args: readonly string[];
  patterns: readonly UrlPattern[];
}

const noArgs: readonly string[] = [];

/**
 * What a path leads to: the view, its parameters, and what is known of the pattern. Templates have it as
 * `request.resolver_match`.
 *
 * ```ts
 * resolve("/coffee/3/")?.urlName; // "coffee-detail"
 * request.resolved?.params; // { id: 3 }
 * ```
 */
export class ResolverMatch {
  readonly view: View;
  /** What the view is called with: the parameters by name, and what groups without a name captured by number. */
  readonly params: Record<string, unknown>;
  /** What groups without a name captured, in their order. */
  readonly args: readonly string[];
  readonly #patterns: readonly UrlPattern[];

  constructor({ view, params, args, patterns }: MatchParts) {
    this.view = view;
    this.args = args;
    this.params = args === noArgs ? params : { ...params, ...args };
    this.#patterns = patterns;
  }

  /** The pattern's own name; undefined where it has none. */
  get urlName(): string | undefined {
    return this.#patterns.at(-1)!.name;
  }

  /** The application namespaces of the lists that the path went through. */
  get appNames(): readonly string[] {
    return this.#patterns.flatMap(({ appName }) => appName ?? []);
  }

  /** The application namespaces, joined: `polls`. */
  get appName(): string {
    return this.appNames.join(":");
  }

  /** The instance namespaces of the lists that the path went through. */
  get namespaces(): readonly string[] {
    return this.#patterns.flatMap(({ namespace }) => namespace ?? []);
  }

  /** The instance namespaces, joined: `author-polls`. */
  get namespace(): string {
    return this.namespaces.join(":");
  }

  /** The name with its namespaces, as `reverse` takes it; that of the view function where the pattern has none. */
  get viewName(): string {
    return [...this.namespaces, this.urlName ?? this.view.name].join(":");
  }

  /** The patterns that matched, as written and joined: `coffee/<int:id>/`; the `^` of one that is included stands nowhere. */
  get route(): string {
    return this.#patterns.reduce(
      (before, { matcher: { text } }) => before + (before === "" ? text : text.replace(/^\^/, "")),
      "",
    );
  }

  /** The parameters by name. */
  get kwargs(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this.params).filter(([name]) => !(name in this.args)));
  }

  /** The parameters that patterns added with `extra`. */
  get extra(): Readonly<Record<string, unknown>> {
    return Object.assign({}, ...this.#patterns.map(({ extra }) => extra));
  }
}

/** Walks `urls` in the order of declaration, and takes the first pattern that matches the whole path. */
export function matchIn(urls: readonly UrlPattern[], path: string, offset: number): ResolverMatch | undefined {
  const found = find(urls, path, offset);
  return found && new ResolverMatch(found);
}

function find(urls: readonly UrlPattern[], path: string, offset: number): MatchParts | undefined {
  for (const pattern of urls) {
    const match = pattern.matcher.match(path, offset);
    if (match === undefined) continue;
    const { extra, view } = pattern;
    const params = extra === undefined ? match.params : { ...match.params, ...extra };
    if (view !== undefined) return { view, params, args: match.args ?? noArgs, patterns: [pattern] };
    const inner = find(pattern.children!, path, match.end);
    if (inner !== undefined) return within(pattern, { ...match, params }, inner);
  }
  return undefined;
}

/** What an inner list found, with what its prefix captured: groups without a name count where nothing has a name. */
function within(
  pattern: UrlPattern,
  outer: { params: Record<string, unknown>; args?: readonly string[] | undefined },
  inner: MatchParts,
): MatchParts {
  const params = { ...outer.params, ...inner.params };
  const keepsArgs = outer.args !== undefined && Object.keys(params).length === 0;
  const args = keepsArgs ? [...outer.args!, ...inner.args] : inner.args;
  return { view: inner.view, params, args, patterns: [pattern, ...inner.patterns] };
}
