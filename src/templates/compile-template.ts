import { shapeOf } from "./component-shape.ts";
import { Compiler } from "./compiler.ts";
import { type BlockNode, walk } from "./nodes.ts";
import { Parser, type ParserOptions } from "./parser.ts";
import { CompiledTemplate, type Reference, type References, type TemplateSource } from "./template.ts";

export type CompileOptions = Pick<ParserOptions, "builtins" | "libraries"> & { readonly stringIfInvalid: string };

/** Compiles a template. @throws TemplateSyntaxError */
export function compileTemplate(source: TemplateSource, options: CompileOptions): CompiledTemplate {
  const parser = new Parser({ ...options, template: source.name, source: source.text });
  const nodes = parser.parseRest();
  const compiler = new Compiler({ template: source.name, source: source.text, stringIfInvalid: options.stringIfInvalid });
  const exported: Record<string, string> = { body: compiler.function(nodes) };
  for (const [name, block] of parser.blocks) exported[`block:${name}`] = compiler.blockFunction(name, block.bodies![0]!);
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
    shape: shapeOf(parser),
    references: {
      ...referencesOf(parser),
      reads: new Map(Object.entries(exported).map(([key, name]) => [key, compiler.readsOf.get(name)!])),
    },
  });
}

function referencesOf(parser: Parser): Omit<References, "reads"> {
  const blocks = [...parser.blocks.values()];
  const inside = blocks.flatMap((block) => [...walk(block.bodies![0]!)]);
  return {
    parent: parser.notes.get("extends") as Reference | undefined,
    components: parser.references("components"),
    includes: parser.references("includes"),
    partials: parser.references("partials"),
    urls: parser.references("urls"),
    blocks: blocks.map(({ block, token }) => ({ name: block, start: token!.start, end: token!.end })),
    nestedBlocks: new Set(inside.map((node) => (node as Partial<BlockNode>).block).filter((name) => name !== undefined)),
  };
}
