import type { Compiler } from "./compiler.ts";
import type { Token } from "./lexer.ts";

/** A part of a parsed template. It knows how to write itself as JavaScript. */
export interface TemplateNode {
  /** Where it stands. */
  readonly token?: Token;
  /** The nodes inside it, one list a body. */
  readonly bodies?: readonly (readonly TemplateNode[])[];
  /** True where it hands the whole context on (include, block, custom tags), so that names cannot be plain variables. */
  readonly usesContext?: boolean;
  /** Writes it. */
  readonly compile: (compiler: Compiler) => void;
}

/** A block, known to the compiler and to `extends`. */
export interface BlockNode extends TemplateNode {
  readonly block: string;
}

/** Every node, depth first. */
export function* walk(nodes: readonly TemplateNode[]): Generator<TemplateNode> {
  for (const node of nodes) {
    yield node;
    for (const body of node.bodies ?? []) yield* walk(body);
  }
}

/** Whether anything inside hands the whole context on. */
export function usesContext(nodes: readonly TemplateNode[]): boolean {
  for (const node of walk(nodes)) if (node.usesContext) return true;
  return false;
}
