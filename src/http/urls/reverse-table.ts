/*
 * How it works. A table holds the names of one list of patterns, those of included lists without a namespace among
 * them, the last declared first; a list with a namespace has a table of its own, made when a name asks for it. For
 * each name a table knows the chains of patterns that lead there; the ways in which an address can be made of a chain
 * are found out when it is first reversed.
 */
import type { UrlPattern } from "./path.ts";
import { type AddressWay, waysOf } from "./address-ways.ts";

type Chain = readonly UrlPattern[];

/** What names lead to, in one list of patterns. */
export class ReverseTable {
  readonly #chains = new Map<string, Chain[]>();
  readonly #ways = new Map<string, readonly AddressWay[]>();
  readonly #namespaces = new Map<string, Chain>();
  readonly #inner = new Map<string, ReverseTable>();
  /** The instances of each application, the last declared first. */
  readonly #instances = new Map<string, string[]>();

  constructor(urls: readonly UrlPattern[], before: Chain = []) {
    this.#collect(urls, before);
  }

  #collect(urls: readonly UrlPattern[], before: Chain): void {
    for (const pattern of urls.toReversed()) {
      const { name, namespace, appName, view, children } = pattern;
      const chain = [...before, pattern];
      if (view !== undefined) {
        if (name !== undefined) append(this.#chains, name, chain);
      } else if (namespace === undefined) this.#collect(children!, chain);
      else {
        this.#namespaces.set(namespace, chain);
        append(this.#instances, appName ?? namespace, namespace);
      }
    }
  }

  /** The ways to make the address of a name without namespaces; undefined where there is no such name. */
  waysTo(name: string): readonly AddressWay[] | undefined {
    const known = this.#ways.get(name);
    if (known !== undefined) return known;
    const ways = this.#chains.get(name)?.flatMap(waysOf);
    if (ways !== undefined) this.#ways.set(name, ways);
    return ways;
  }

  /**
   * Which instance a namespace means: the current one where it is an instance of that application, then the one that is
   * named as the application is, then the last declared.
   */
  instanceOf(namespace: string, current: string | undefined): string {
    const instances = this.#instances.get(namespace);
    if (instances === undefined) return namespace;
    if (current !== undefined && instances.includes(current)) return current;
    return instances.includes(namespace) ? namespace : instances[0]!;
  }

  inside(namespace: string): ReverseTable | undefined {
    const known = this.#inner.get(namespace);
    const chain = this.#namespaces.get(namespace);
    if (known !== undefined || chain === undefined) return known;
    const table = new ReverseTable(chain.at(-1)!.children!, chain);
    this.#inner.set(namespace, table);
    return table;
  }

  get namespaces(): string[] {
    return [...new Set([...this.#namespaces.keys(), ...this.#instances.keys()])];
  }

  /** Every name, with its namespaces. */
  *names(before = ""): Generator<string> {
    for (const name of this.#chains.keys()) yield before + name;
    for (const namespace of this.#namespaces.keys()) yield* this.inside(namespace)!.names(`${before}${namespace}:`);
  }
}

function append<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
