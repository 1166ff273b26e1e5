/**
 * Values by name, several to a name, in the order in which they came: a query string, a form.
 * `get` gives the last value of a name.
 *
 * ```ts
 * request.query.get("page") ?? "1";
 * request.query.getAll("tag"); // ["new", "ice"]
 * ```
 */
export class MultiDict<V = string> implements Iterable<[string, V]> {
  readonly #values = new Map<string, V[]>();

  constructor(entries: Iterable<readonly [string, V]> = []) {
    for (const [name, value] of entries) this.append(name, value);
  }

  get size(): number {
    return this.#values.size;
  }

  get(name: string): V | undefined {
    return this.#values.get(name)?.at(-1);
  }

  getAll(name: string): readonly V[] {
    return this.#values.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  append(name: string, value: V): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  set(name: string, value: V): void {
    this.#values.set(name, [value]);
  }

  delete(name: string): boolean {
    return this.#values.delete(name);
  }

  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  *entries(): IterableIterator<[string, V]> {
    for (const [name, values] of this.#values) for (const value of values) yield [name, value];
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.entries();
  }

  /** As a query string: `page=2&tag=new&tag=ice`. */
  toString(): string {
    const text = new URLSearchParams();
    for (const [name, value] of this) text.append(name, String(value));
    return text.toString();
  }
}
