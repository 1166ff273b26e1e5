import { templatesErrors } from "../errors.ts";
import { relativeName } from "../loaders/relative-name.ts";
import { SafeString } from "../safe-string.ts";
import { type Body, CompiledTemplate } from "../template.ts";
import { TemplateDoesNotExist } from "../template-error.ts";
import { type Frame, newFrame, type Render } from "./render.ts";
import { templateRendered } from "../template-rendered.ts";
import { child, flatten, type Scope } from "./scope.ts";
import { quotedText, textOf } from "./text.ts";

/** `block` inside a block: which one it is, and how far up the chain of parents. */
class BlockReference {
  readonly name: string;
  readonly chain: readonly Body[];
  readonly level: number;
  readonly scope: Scope;

  constructor(name: string, chain: readonly Body[], at: { level: number; scope: Scope }) {
    this.name = name;
    this.chain = chain;
    this.level = at.level;
    this.scope = at.scope;
  }
}

type Text = Generator<unknown, string, unknown>;

/** How many includes and partials may be open: more than any tree of data that is shown. */
const deepest = 200;

/** Renders a block: the youngest child's version of it. */
export function* block(render: Render, scope: Scope, { name, own }: { name: string; own: Body }): Text {
  const chain = render.frame.blocks?.get(name) ?? [own];
  return yield* blockAt(render, name, { chain, level: 0, scope });
}

function* blockAt(render: Render, name: string, at: { chain: readonly Body[]; level: number; scope: Scope }): Text {
  const inner = child(at.scope);
  inner["block"] = new BlockReference(name, at.chain, at);
  return yield* at.chain[at.level]!(render, inner);
}

/** `{{ block.super }}`: the same block of the next parent. */
export function* blockSuper(render: Render, scope: Scope): Generator<unknown, unknown, unknown> {
  const reference = scope["block"];
  if (!(reference instanceof BlockReference)) return undefined;
  if (render.frame.blocks === undefined)
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({ problem: `{{ block.super }} stands in a template that extends none.` });
  const { name, chain, level } = reference;
  if (level + 1 >= chain.length) return new SafeString("");
  return new SafeString(yield* blockAt(render, name, { chain, level: level + 1, scope: reference.scope }));
}

/** `{% extends %}`: renders the parent with the child's blocks before its own. */
export function* extend(render: Render, scope: Scope, parent: unknown): Text {
  const { frame } = render;
  const template = findParent(render, parent);
  frame.blocks ??= new Map();
  addBlocks(frame.blocks, frame.template);
  if (!template.extends) addBlocks(frame.blocks, template);
  frame.origins = [...originsOf(frame), template.origin];
  frame.template = template;
  if (!templateRendered.isIdle) templateRendered.sendNow(render, { template, context: render.context });
  return yield* template.body(render, scope);
}

function originsOf({ origins, template }: Frame): readonly string[] {
  return origins ?? [template.origin];
}

function findParent(render: Render, parent: unknown): CompiledTemplate {
  const given = parent instanceof SafeString ? parent.value : parent;
  if (given instanceof CompiledTemplate) return given;
  if (typeof given !== "string" || given === "") {
    throw templatesErrors.TEMPLATES_BAD_SYNTAX({
      problem: `{% extends %} needs the name of a template, and was given ${quotedText(given)}.`,
    });
  }
  return render.host.findTemplate(relativeName(render.frame.template.name, given, false), originsOf(render.frame));
}

function addBlocks(blocks: Map<string, Body[]>, template: CompiledTemplate): void {
  for (const [name, body] of template.blocks) {
    const chain = blocks.get(name);
    if (!chain) blocks.set(name, [body]);
    else if (!chain.includes(body)) chain.push(body);
  }
}

/** `{% include %}`: a template with blocks and states of its own; alone with the names it is given when `only`. */
export function* include(render: Render, scope: Scope, of: { template: unknown; from: string; only: boolean }): Text {
  const template = findIncluded(render, of.template, of.from);
  const { frame, context } = render;
  render.frame = newFrame(template);
  if (of.only) render.context = {};
  enter(render, template.name);
  if (!templateRendered.isIdle) templateRendered.sendNow(render, { template, context: flatten(render, scope) });
  const text = yield* template.body(render, scope);
  render.depth--;
  render.frame = frame;
  render.context = context;
  return text;
}

function findIncluded(render: Render, given: unknown, from: string): CompiledTemplate {
  const name = given instanceof SafeString ? given.value : given;
  if (name instanceof CompiledTemplate) return name;
  if (Array.isArray(name)) return firstOf(render, name, from);
  if (typeof name === "string") return render.host.findTemplate(relativeName(from, name, true));
  throw new TemplateDoesNotExist(templatesErrors.TEMPLATES_DOES_NOT_EXIST({ name: textOf(name), tried: [], known: [] }));
}

function firstOf(render: Render, names: readonly unknown[], from: string): CompiledTemplate {
  for (const name of names.slice(0, -1)) {
    try {
      return findIncluded(render, name, from);
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist)) throw error;
    }
  }
  return findIncluded(render, names.at(-1), from);
}

/** `{% partial %}`: a part of the template in which the tag stands. */
export function* partial(render: Render, scope: Scope, of: { bodies: Map<string, Body>; name: string; template: string }): Text {
  const body = of.bodies.get(of.name);
  if (!body)
    throw templatesErrors.TEMPLATES_UNKNOWN_PARTIAL({ partial: of.name, template: of.template, known: [...of.bodies.keys()] });
  enter(render, `${of.template}#${of.name}`);
  const text = yield* body(render, scope);
  render.depth--;
  return text;
}

/** Goes one template deeper. @throws TEMPLATES_TOO_DEEP long before JavaScript's own stack ends */
export function enter(render: Render, template: string): void {
  if (++render.depth > deepest) throw templatesErrors.TEMPLATES_TOO_DEEP({ template, depth: deepest });
}
