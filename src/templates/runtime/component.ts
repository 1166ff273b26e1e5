import { type ComponentCall, componentFile, mistakeIn, unknownComponent } from "../component-shape.ts";
import { templatesErrors } from "../errors.ts";
import { TemplateDoesNotExist } from "../template-error.ts";
import type { Body, CompiledTemplate } from "../template.ts";
import { enter } from "./inheritance.ts";
import { type Frame, newFrame, type Render } from "./render.ts";
import { child, nameAsItStands, type Scope } from "./scope.ts";
import { quotedText, textOf } from "./text.ts";

type Text = Generator<unknown, string, unknown>;

/** What was put into a slot: code of the template that uses the component, with the names seen there. */
interface Fill {
  readonly body: Body;
  /** The name under which it sees what the slot gives it. */
  readonly as: string | undefined;
}

/** A component that is being rendered, and the place where it is used: fills are rendered as if they stood there. */
export interface ComponentUse {
  readonly attributes: ReadonlyMap<string, unknown>;
  readonly fills: Readonly<Record<string, Fill>>;
  readonly scope: Scope;
  readonly frame: Frame;
  readonly context: Record<string, unknown>;
  readonly autoescape: boolean;
  readonly outer: ComponentUse | undefined;
}

/** What is the same each time a tag uses a component. */
interface Use {
  readonly call: ComponentCall;
  /** The names of what it is given; undefined for a dictionary of more. */
  readonly names: readonly (string | undefined)[];
}

/** How a component is used, as compiled code says it. */
interface Called {
  readonly name: unknown;
  readonly use: Use;
  readonly fills: Readonly<Record<string, Fill>>;
  readonly values: readonly unknown[];
}

/** Names of the page that a component sees: what belongs to the request and not to the page. */
const shared = ["request", "csrf_token", "csp_nonce"];

/** `{% component %}`: renders a component, which sees its props and no name of the page. */
export function* component(render: Render, scope: Scope, { name, use, fills, values }: Called): Text {
  const called = typeof name === "string" ? name : textOf(name);
  const template = findComponent(render, called);
  const { frame, context, autoescape, component: outer } = render;
  const given = use.call.spreads ? spreadAll(use, values) : { call: use.call, names: use.names, values };
  check(template, called, given);
  const inner = child(null);
  const attributes = bind(template, given, inner);
  inner["attrs"] = attributes;
  inner["slots"] = use.call.filled;
  render.component = { attributes, fills, scope, frame, context, autoescape, outer };
  render.context = sharedContext(render, scope);
  render.frame = newFrame(template);
  enter(render, template.name);
  const text = yield* template.body(render, inner);
  render.depth--;
  render.frame = frame;
  render.context = context;
  render.component = outer;
  return text;
}

/** Files by the names that were found. */
const files = new Map<string, string>();

function findComponent(render: Render, name: string): CompiledTemplate {
  const file = files.get(name) ?? componentFile(name);
  if (file !== undefined) {
    try {
      const template = render.host.findTemplate(file);
      files.set(name, file);
      return template;
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist) || error.frames.length > 0) throw error;
    }
  }
  throw new TemplateDoesNotExist(unknownComponent(name, render.host.templateNames()));
}

const nameOfAttribute = /^[\p{L}_@:][\p{L}\p{N}_.:@-]*$/u;

/** What a component is given, by name. */
interface Given extends Use {
  readonly values: readonly unknown[];
}

function spreadAll({ call, names }: Use, values: readonly unknown[]): Given {
  const entries = names.flatMap((name, i) => (name === undefined ? spread(values[i]) : [[name, values[i]] as const]));
  const given = entries.map(([name]) => name);
  return { call: { ...call, given, spreads: false }, names: given, values: entries.map(([, value]) => value) };
}

/** A dictionary's entries as arguments; their names go into HTML, so they must be names. */
function spread(dictionary: unknown): (readonly [string, unknown])[] {
  if (dictionary === null || dictionary === undefined || dictionary === "") return [];
  if (typeof dictionary !== "object" || Array.isArray(dictionary)) {
    throw templatesErrors.TEMPLATES_BAD_VALUE({
      problem: `Only a dictionary can be spread, and this is ${quotedText(dictionary)}.`,
    });
  }
  const entries = dictionary instanceof Map ? [...(dictionary as Map<unknown, unknown>)] : Object.entries(dictionary);
  const bad = entries.find(([name]) => typeof name !== "string" || !nameOfAttribute.test(name));
  if (bad) throw templatesErrors.TEMPLATES_BAD_VALUE({ problem: `${quotedText(bad[0])} is no name for an attribute or a prop.` });
  return entries as (readonly [string, unknown])[];
}

/** Calls that were found right with a template, so that each is judged once. */
const judged = new WeakMap<ComponentCall, CompiledTemplate>();

function check(template: CompiledTemplate, name: string, { call }: Given): void {
  if (judged.get(call) === template) return;
  const mistake = mistakeIn(name, template, call);
  if (mistake) throw mistake;
  judged.set(call, template);
}

const none: ReadonlyMap<string, unknown> = new Map();

/** Props become names; all else that was given is an attribute. */
function bind(template: CompiledTemplate, { names, values }: Given, inner: Scope): ReadonlyMap<string, unknown> {
  const { props } = template.shape;
  let attributes: Map<string, unknown> | undefined;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const isProp = props?.has(name);
    if (isProp !== false) inner[name] = values[i];
    if (isProp !== true) (attributes ??= new Map()).set(name, values[i]);
  }
  return attributes ?? none;
}

/** The names that a component sees of its page, looked up once for all components of the page. */
function sharedContext(render: Render, scope: Scope): Record<string, unknown> {
  const known = render.shared;
  if (known?.of === render.context || known?.context === render.context) return known.context;
  const context: Record<string, unknown> = {};
  for (const name of shared) {
    const value = nameAsItStands(render, scope, name);
    if (value !== undefined) context[name] = value;
  }
  render.shared = { of: render.context, context };
  return context;
}

/** What was put into a slot of the component that is being rendered. */
export function fillOf(render: Render, slot: string): Fill | undefined {
  return render.component?.fills[slot];
}

/** Renders what was put into a slot, where it stands: with the names, the blocks and the component of its own template. */
export function* renderFill(render: Render, { body, as }: Fill, data: Record<string, unknown>): Text {
  const { frame, context, autoescape, component: use } = render;
  const { scope, outer, ...place } = use!;
  Object.assign(render, { frame: place.frame, context: place.context, autoescape: place.autoescape, component: outer });
  const inner = child(scope);
  if (as !== undefined) inner[as] = data;
  enter(render, frame.template.name);
  const text = yield* body(render, inner);
  render.depth--;
  Object.assign(render, { frame, context, autoescape, component: use });
  return text;
}
