import type { TemplateCache } from "../loaders/template-cache.ts";
import type { Bindings, NameRead, PartRead, Reads } from "./name-reads.ts";
import { TemplateError } from "../template-error.ts";
import type { CompiledTemplate } from "../template.ts";

/** What a template asks a value for, by name; `*` stands for the items of a list. */
export interface Attributes {
  [name: string]: Attributes;
}

/** The names that a template reads from its context, with its parents, includes, blocks and partials. */
export interface TemplateReads {
  /** Read whatever happens. */
  readonly required: Attributes;
  /** Read under a condition or with a default. */
  readonly optional: Attributes;
}

/** A template on its way: whose blocks are printed, what is bound, which templates are open. */
interface Walk {
  /** The template, its parents and theirs. */
  readonly family: readonly CompiledTemplate[];
  readonly blocks: ReadonlyMap<string, readonly Reads[]>;
  readonly bound: Bindings;
  readonly optional: boolean;
  /** The context is not seen. */
  readonly closed: boolean;
  readonly open: readonly string[];
}

/** Which names a template reads from its context. @throws TemplateDoesNotExist, TemplateSyntaxError */
export function templateReads(cache: TemplateCache, name: string): TemplateReads {
  const walk = new NameWalk(cache);
  walk.start(name);
  const required: Attributes = Object.create(null) as Attributes;
  const optional: Attributes = Object.create(null) as Attributes;
  const always = new Set(walk.found.filter((read) => !read.optional).map(({ path }) => path[0]!));
  for (const { path } of walk.found) {
    let at = always.has(path[0]!) ? required : optional;
    for (const step of path) at = at[step] ??= Object.create(null) as Attributes;
  }
  return { required, optional };
}

const start = { bound: new Map<string, never>(), optional: false, closed: false, open: [] };

/** Goes through what is rendered when a template is, and finds the names that are asked of its context. */
class NameWalk {
  readonly found: NameRead[] = [];
  readonly #cache: TemplateCache;

  constructor(cache: TemplateCache) {
    this.#cache = cache;
  }

  /** A template, or the part of one that is named after a `#`. */
  start(name: string): void {
    const template = this.#cache.get(name);
    const hash = name.lastIndexOf("#");
    const partial = hash > 0 ? template.references.reads.get(`partial:${name.slice(hash + 1)}`) : undefined;
    if (partial) this.#notes(partial, { ...start, family: [template], blocks: new Map() });
    else this.#template(template, start);
  }

  /** A template of its own: its parents up to the first, then that one's body with everybody's blocks. */
  #template(template: CompiledTemplate, at: Omit<Walk, "family" | "blocks">): void {
    if (at.open.includes(template.origin)) return;
    const { family, whole } = this.#familyOf(template);
    const blocks = new Map<string, Reads[]>();
    for (const member of family) {
      for (const [key, reads] of member.references.reads) {
        if (key.startsWith("block:")) blocks.set(key, [...(blocks.get(key) ?? []), reads]);
      }
    }
    const walk: Walk = { ...at, family, blocks, open: [...at.open, template.origin] };
    this.#notes(family.at(-1)!.references.reads.get("body")!, walk);
    // Its first parent is known only when it is rendered: what its blocks read may be read.
    if (!whole) for (const [reads] of blocks.values()) this.#notes(reads!, { ...walk, optional: true });
  }

  #familyOf(template: CompiledTemplate): { family: CompiledTemplate[]; whole: boolean } {
    const family = [template];
    for (let last = template; last.extends; last = family.at(-1)!) {
      const { parent } = last.references;
      const seen = family.map(({ origin }) => origin);
      const next = parent && this.#existing(parent.name, seen);
      if (next === undefined) return { family, whole: false };
      family.push(next);
    }
    return { family, whole: true };
  }

  #existing(name: string, seen: readonly string[] = []): CompiledTemplate | undefined {
    try {
      return this.#cache.get(name, seen);
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    }
  }

  #notes({ notes }: Reads, walk: Walk): void {
    for (const note of notes) {
      if (note.kind === "name") this.#name(note, walk);
      else this.#part(note, walk);
    }
  }

  #name({ path, optional, kind }: NameRead, walk: Walk): void {
    const meant = outward(path, walk);
    if (meant !== null) this.found.push({ kind, path: meant, optional: optional || walk.optional });
  }

  #part(note: PartRead, walk: Walk): void {
    const given = [...note.bound].map(([name, path]) => [name, path && outward(path, walk)] as const);
    const inner: Walk = {
      ...walk,
      bound: new Map([...(note.only ? [] : walk.bound), ...given]),
      optional: walk.optional || note.optional,
      closed: walk.closed || note.only,
    };
    if (note.kind === "include") {
      const included = this.#existing(note.name);
      if (included) this.#template(included, inner);
    } else if (note.kind === "partial") this.#partial(note.name, inner);
    else {
      const chain = walk.blocks.get(`block:${note.name}`) ?? [];
      const printed = chain.slice(0, chain.findIndex(({ usesSuper }) => !usesSuper) + 1 || chain.length);
      for (const [level, reads] of printed.entries()) {
        const key = `${walk.family.at(-1)!.origin} ${note.name} ${level}`;
        if (!walk.open.includes(key)) this.#notes(reads, { ...inner, open: [...walk.open, key] });
      }
    }
  }

  #partial(name: string, walk: Walk): void {
    const owner = walk.family.find(({ partials }) => partials.has(name));
    const key = `${owner?.origin}#${name}`;
    if (!owner || walk.open.includes(key)) return;
    this.#notes(owner.references.reads.get(`partial:${name}`)!, { ...walk, open: [...walk.open, key] });
  }
}

/** A path as the context has it; null where it is no name of the context. */
function outward(path: readonly string[], { bound, closed }: Walk): readonly string[] | null {
  const from = bound.get(path[0]!);
  if (from !== undefined) return from && [...from, ...path.slice(1)];
  return closed ? null : path;
}
