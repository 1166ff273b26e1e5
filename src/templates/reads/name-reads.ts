/**
 * How it works: while nodes write themselves as JavaScript, the compiler notes here which names they ask of the context, one
 * list of notes a function (the template, each block, each partial). Because every tag goes through the compiler, tags of
 * one's own are noted as the builtin ones are. `template-reads.ts` follows the notes through parents and includes.
 */

/** The items of a list, in a path: `coffee_list`, `*`, `name`. */
export const itemStep = "*";

/** Names bound where a note was made: what of the context they stand for, or null where that is not known. */
export type Bindings = ReadonlyMap<string, readonly string[] | null>;

/** What the context, or a name bound in the template, is asked for. */
export interface NameRead {
  readonly kind: "name";
  readonly path: readonly string[];
  /** Nothing is amiss where the name is not there: under a condition, before `default`. */
  readonly optional: boolean;
}

/** A place where a block, a partial or another template is rendered. */
export interface PartRead {
  readonly kind: "block" | "partial" | "include";
  readonly name: string;
  readonly optional: boolean;
  /** What is bound there. */
  readonly bound: Bindings;
  /** Names of the context are not seen within: `{% include "…" only %}`. */
  readonly only: boolean;
}

/** What one compiled function reads, in its order. */
export interface Reads {
  readonly notes: readonly (NameRead | PartRead)[];
  /** A block that prints `{{ block.super }}`. */
  readonly usesSuper: boolean;
}

/** Names that templates make themselves. */
const made: ReadonlySet<string> = new Set(["True", "False", "None", "forloop", "block"]);

/** Notes what the function that is being compiled reads. */
export class NameReads {
  readonly #notes: (NameRead | PartRead)[] = [];
  #bound = new Map<string, readonly string[] | null>();
  #optional = 0;
  usesSuper = false;

  get result(): Reads {
    return { notes: this.#notes, usesSuper: this.usesSuper };
  }

  /** Whether what comes here may as well not be rendered. */
  get isOptional(): boolean {
    return this.#optional > 0;
  }

  /** A name, followed by attributes. */
  read(path: readonly string[], optional: boolean): void {
    if (path[0] === "block" && path[1] === "super") this.usesSuper = true;
    const from = this.#bound.get(path[0]!);
    if (from === null || (from === undefined && made.has(path[0]!))) return;
    const whole = from === undefined ? path : [...from, ...path.slice(1)];
    this.#notes.push({ kind: "name", path: whole, optional: optional || this.#optional > 0 });
  }

  part(kind: PartRead["kind"], name: string, options: { given?: Bindings; only?: boolean } = {}): void {
    const bound = new Map([...(options.only ? [] : this.#bound), ...(options.given ?? [])]);
    this.#notes.push({ kind, name, optional: this.#optional > 0, bound, only: options.only ?? false });
  }

  /** From here on the template binds a name itself. */
  bind(name: string, path: readonly string[] | null): void {
    this.#bound.set(name, path);
  }

  /** The path of the context that a path of names stands for here; null where it is not known. */
  resolve(path: readonly string[]): readonly string[] | null {
    const from = this.#bound.get(path[0]!);
    if (from === null || made.has(path[0]!)) return null;
    return from === undefined ? path : [...from, ...path.slice(1)];
  }

  /** Names that are bound within are forgotten after. */
  within(names: Iterable<string>, inside: () => void): void {
    const outer = new Map(this.#bound);
    for (const name of names) this.#bound.set(name, null);
    inside();
    this.#bound = outer;
  }

  /** What is read within may as well not be read. */
  sometimes(inside: () => void): void {
    this.#optional += 1;
    inside();
    this.#optional -= 1;
  }

  /** From here on any name may have been set by a tag that was given the context. */
  loosen(): void {
    this.#optional += 1;
  }
}
