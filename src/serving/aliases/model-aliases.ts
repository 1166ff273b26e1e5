import { type AliasRecord, versionsOf } from "./alias-target.ts";

/**
 * How it works: `kept` is what a model's aliases name now, `wanted` what the store said last. An alias moves when every
 * version that it is to name has been loaded; what does not load leaves it where it was, and is tried again at the next
 * reading. One move at a time an alias, always to the latest wish. What a process finds when it starts is in force at once.
 */
export class ModelAliases {
  readonly #load: (version: string) => Promise<void>;
  readonly #kept = new Map<string, AliasRecord>();
  readonly #moving = new Set<string>();
  #wanted: Readonly<Record<string, AliasRecord>> | undefined;

  constructor(load: (version: string) => Promise<void>) {
    this.#load = load;
  }

  get(alias: string): AliasRecord | undefined {
    return this.#kept.get(alias);
  }

  /** Aliases with what they name. */
  entries(): [string, AliasRecord][] {
    return [...this.#kept];
  }

  /** True when some alias has a shadow. */
  get hasShadow(): boolean {
    for (const { shadow } of this.#kept.values()) if (shadow) return true;
    return false;
  }

  /** Every version that an alias names, as canary and shadow too. */
  versions(): Set<string> {
    return new Set([...this.#kept.values()].flatMap(versionsOf));
  }

  /** Takes what the store says. */
  update(wanted: Readonly<Record<string, AliasRecord>>): void {
    const isFirst = this.#wanted === undefined;
    this.#wanted = wanted;
    for (const alias of this.#kept.keys()) if (!Object.hasOwn(wanted, alias)) this.#kept.delete(alias);
    for (const [alias, record] of Object.entries(wanted)) {
      if (same(this.#kept.get(alias), record)) continue;
      if (isFirst) this.#kept.set(alias, record);
      else if (!this.#moving.has(alias)) void this.#move(alias);
    }
  }

  /** Takes one alias, whose versions have been loaded. */
  keep(alias: string, record: AliasRecord): void {
    this.#wanted = { ...this.#wanted, [alias]: record };
    this.#kept.set(alias, record);
  }

  drop(alias: string): void {
    const { [alias]: _dropped, ...wanted } = this.#wanted ?? {};
    this.#wanted = wanted;
    this.#kept.delete(alias);
  }

  async #move(alias: string): Promise<void> {
    this.#moving.add(alias);
    try {
      for (let record = this.#wish(alias); record && !same(record, this.#kept.get(alias)); record = this.#wish(alias)) {
        await Promise.all(versionsOf(record).map((version) => this.#load(version)));
        // The store may have changed its mind while the versions were being loaded.
        if (same(record, this.#wish(alias))) this.#kept.set(alias, record);
      }
    } catch {
      // What does not load is told where versions are listed.
    } finally {
      this.#moving.delete(alias);
    }
  }

  #wish(alias: string): AliasRecord | undefined {
    return this.#wanted && Object.hasOwn(this.#wanted, alias) ? this.#wanted[alias] : undefined;
  }
}

function same(a: AliasRecord | undefined, b: AliasRecord | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
