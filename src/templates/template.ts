import { type Body, Compiler } from "./compiler.ts";
import { Parser, type ParserOptions } from "./parser.ts";
import { type BlockNode, walk } from "./nodes.ts";

/** A template as a loader found it. */
export interface TemplateSource {
  readonly name: string;
  readonly text: string;
  /** Where it came from: a file, or the loader's word for it. */
  readonly origin: string;
}

/** A name that stands somewhere in a template. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What a template refers to by name, for the check of all templates. */
export interface References {
  readonly parent: Reference | undefined;
  readonly includes: readonly Reference[];
  readonly blocks: readonly Reference[];
  /** Blocks inside other blocks: these print them. */
  readonly nestedBlocks: ReadonlySet<string>;
}

/** A template made into functions. */
export class CompiledTemplate {
  readonly name: string;
  readonly origin: string;
  readonly source: string;
  readonly body: Body;
  readonly blocks: ReadonlyMap<string, Body>;
  readonly partials: ReadonlyMap<string, Body>;
  readonly extends: boolean;
  readonly references: References;

  constructor(
    parts: Pick<CompiledTemplate, "name" | "origin" | "source" | "body" | "blocks" | "partials" | "extends" | "references">,
  ) {
    this.name = parts.name;
    this.origin = parts.origin;
    this.source = parts.source;
    this.body = parts.body;
    this.blocks = parts.blocks;
    this.partials = parts.partials;
    this.extends = parts.extends;
    this.references = parts.references;
  }

  /** One of its partials, as a template of its own. */
  part(name: string): CompiledTemplate | undefined {
    const body = this.partials.get(name);
    return body && new CompiledTemplate({ ...this, name: this.name, body, blocks: new Map(), extends: false });
  }
}

export type CompileOptions = Pick<ParserOptions, "builtins" | "libraries"> & { readonly stringIfInvalid: string };

/** Compiles a template. @throws TemplateSyntaxError */
export function compileTemplate(source: TemplateSource, options: CompileOptions): CompiledTemplate {
  const parser = new Parser({ ...options, template: source.name, source: source.text });
  const nodes = parser.parseRest();
  const compiler = new Compiler({ template: source.name, source: source.text, stringIfInvalid: options.stringIfInvalid });
  const exported: Record<string, string> = { body: compiler.function(nodes) };
  for (const [name, block] of parser.blocks)
    exported[`block:${name}`] = compiler.blocks.get(name) ?? blockFunction(compiler, block);
  for (const [name, part] of parser.partials) exported[`partial:${name}`] = compiler.function(part);
  const bodies = compiler.link(exported);
  for (const name of parser.partials.keys()) compiler.partials.set(name, bodies[`partial:${name}`]!);
  return new CompiledTemplate({
    name: source.name,
    origin: source.origin,
    source: source.text,
    body: bodies["body"]!,
    blocks: new Map([...parser.blocks.keys()].map((name) => [name, bodies[`block:${name}`]!])),
    partials: compiler.partials,
    extends: parser.notes.has("extends"),
    references: referencesOf(parser),
  });
}

function referencesOf(parser: Parser): References {
  const blocks = [...parser.blocks.values()];
  const inside = blocks.flatMap((block) => [...walk(block.bodies![0]!)]);
  return {
    parent: parser.notes.get("extends") as Reference | undefined,
    includes: (parser.notes.get("includes") as Reference[] | undefined) ?? [],
    blocks: blocks.map(({ block, token }) => ({ name: block, start: token!.start, end: token!.end })),
    nestedBlocks: new Set(inside.map((node) => (node as Partial<BlockNode>).block).filter((name) => name !== undefined)),
  };
}

/** The function of a block, compiled once. */
export function blockFunction(compiler: Compiler, block: BlockNode): string {
  const name = compiler.blocks.get(block.block) ?? compiler.function(block.bodies![0]!);
  compiler.blocks.set(block.block, name);
  return name;
}
