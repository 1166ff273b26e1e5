import type { TemplateCache } from "./loaders/template-cache.ts";
import type { Bindings, NameRead, PartRead, Reads } from "./name-reads.ts";
import { TemplateError } from "./template-error.ts";
import type { CompiledTemplate } from "./template.ts";

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
  const reads = new Map<string, boolean>();
  const required: Attributes = {};
  const optional: Attributes = {};
  const found: NameRead[] = [];
  const start = { bound: new Map(), optional: false, closed: false, open: [] };
  const tell: Tell = (read) => {
    found.push(read);
    reads.set(read.path[0]!, (reads.get(read.path[0]!) ?? true) && read.optional);
  };
  const template = cache.get(name);
  const partial = name.lastIndexOf("#") > 0 && template.references.reads.get(`partial:${name.slice(name.lastIndexOf("#") + 1)}`);
  if (partial) notes(cache, partial, { ...start, family: [template], blocks: new Map() }, tell);
  else follow(cache, template, start, tell);
  for (const { path } of found) {
    let at = reads.get(path[0]!) ? optional : required;
    for (const step of path) at = at[step] ??= Object.create(null) as Attributes;
  }
  return { required, optional };
}

type Tell = (read: NameRead) => void;

/** A template of its own: its parents up to the first, then that one's body with everybody's blocks. */
function follow(cache: TemplateCache, template: CompiledTemplate, at: Omit<Walk, "family" | "blocks">, tell: Tell): void {
  if (at.open.includes(template.origin)) return;
  const { family, whole } = familyOf(cache, template);
  const blocks = new Map<string, Reads[]>();
  for (const member of family) {
    for (const [key, reads] of member.references.reads) {
      if (key.startsWith("block:")) blocks.set(key, [...(blocks.get(key) ?? []), reads]);
    }
  }
  const walk: Walk = { ...at, family, blocks, open: [...at.open, template.origin] };
  notes(cache, family.at(-1)!.references.reads.get("body")!, walk, tell);
  // Its first parent is known only when it is rendered: what its blocks read may be read.
  if (!whole) for (const [reads] of blocks.values()) notes(cache, reads!, { ...walk, optional: true }, tell);
}

function familyOf(cache: TemplateCache, template: CompiledTemplate): { family: CompiledTemplate[]; whole: boolean } {
  const family = [template];
  for (let last = template; last.extends; last = family.at(-1)!) {
    const { parent } = last.references;
    const next = parent && existing(cache, parent.name, family.map(({ origin }) => origin)); // prettier-ignore
    if (next === undefined) return { family, whole: false };
    family.push(next);
  }
  return { family, whole: true };
}

function existing(cache: TemplateCache, name: string, seen: readonly string[] = []): CompiledTemplate | undefined {
  try {
    return cache.get(name, seen);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}

function notes(cache: TemplateCache, { notes: all }: Reads, walk: Walk, tell: Tell): void {
  for (const note of all) {
    if (note.kind === "name") readName(note, walk, tell);
    else part(cache, note, walk, tell);
  }
}

function readName({ path, optional, kind }: NameRead, walk: Walk, tell: Tell): void {
  const meant = outward(path, walk);
  if (meant !== null) tell({ kind, path: meant, optional: optional || walk.optional });
}

/** A path as the context has it; null where it is no name of the context. */
function outward(path: readonly string[], { bound, closed }: Walk): readonly string[] | null {
  const from = bound.get(path[0]!);
  if (from !== undefined) return from && [...from, ...path.slice(1)];
  return closed ? null : path;
}

function part(cache: TemplateCache, note: PartRead, walk: Walk, tell: Tell): void {
  const inner: Walk = {
    ...walk,
    bound: new Map([...(note.only ? [] : walk.bound), ...[...note.bound].map(([name, path]) => [name, path && outward(path, walk)] as const)]), // prettier-ignore
    optional: walk.optional || note.optional,
    closed: walk.closed || note.only,
  };
  if (note.kind === "include") {
    const included = existing(cache, note.name);
    if (included) follow(cache, included, inner, tell);
  } else if (note.kind === "partial") {
    const owner = walk.family.find(({ partials }) => partials.has(note.name));
    const key = `${owner?.origin}#${note.name}`;
    if (!owner || walk.open.includes(key)) return;
    notes(cache, owner.references.reads.get(`partial:${note.name}`)!, { ...inner, open: [...walk.open, key] }, tell);
  } else {
    const chain = walk.blocks.get(`block:${note.name}`) ?? [];
    const printed = chain.slice(0, chain.findIndex(({ usesSuper }) => !usesSuper) + 1 || chain.length);
    for (const reads of printed) notes(cache, reads, inner, tell);
  }
}
