/** More languages than anyone has: codes that come from outside must not fill the memory. */
const most = 300;

/** What was made for a language, kept for the next time. */
export class LanguageCache<Value> {
  readonly #kept = new Map<string, Value>();

  /** What is kept under a key, made where it is not there yet. */
  get(key: string, make: () => Value): Value {
    const kept = this.#kept.get(key);
    if (kept !== undefined || this.#kept.has(key)) return kept as Value;
    const made = make();
    if (this.#kept.size >= most) this.#kept.clear();
    this.#kept.set(key, made);
    return made;
  }

  clear(): void {
    this.#kept.clear();
  }
}
