import type { UrlPattern } from "./path.ts";

/** One address: the patterns that lead to it, and its name with its namespaces. */
export interface UrlChain {
  patterns: readonly UrlPattern[];
  namespaces: readonly string[];
  name: string | undefined;
}

/** Every address of a list and of those included in it, in the order of declaration. */
export function* walkUrls(
  urls: readonly UrlPattern[],
  before: Pick<UrlChain, "patterns" | "namespaces"> = { patterns: [], namespaces: [] },
): Generator<UrlChain> {
  for (const pattern of urls) {
    const patterns = [...before.patterns, pattern];
    const { view, children, name, namespace } = pattern;
    const { namespaces } = before;
    if (view !== undefined)
      yield { patterns, namespaces, name: name === undefined ? undefined : [...namespaces, name].join(":") };
    else yield* walkUrls(children!, { patterns, namespaces: namespace === undefined ? namespaces : [...namespaces, namespace] });
  }
}
