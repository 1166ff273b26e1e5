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

/** How a component is used, as compiled code says it. */
interface Use {
  readonly name: unknown;
  readonly call: ComponentCall;
  /** Names with their values; a dictionary of more where the name is undefined. */
  readonly given: readonly (readonly [string | undefined, unknown])[];
  readonly fills: Readonly<Record<string, Fill>>;
}

/** Names of the page that a component sees: what belongs to the request and not to the page. */
const shared = ["request", "csrf_token", "csp_nonce"];

/** `{% component %}`: renders a component, which sees its props and no name of the page. */
export function* component(render: Render, scope: Scope, { name, call, given, fills }: Use): Text {
  const called = textOf(name);
  const template = findComponent(render, called);
  const { frame, context, autoescape, component: outer } = render;
  const values = given.flatMap(([key, value]) => (key === undefined ? spread(value) : [[key, value] as const]));
  check(template, { component: called, call, given: values });
  const { inner, attributes } = bind(template, values);
  inner["attrs"] = attributes;
  inner["slots"] = slotsOf(fills);
  render.component = { attributes, fills, scope, frame, context, autoescape, outer };
  render.context = sharedContext(render, scope);
  render.frame = newFrame(template);
  enter(render, template.name);
  const text = yield* template.body(render, inner);
  render.depth--;
  Object.assign(render, { frame, context, component: outer });
  return text;
}

function findComponent(render: Render, name: string): CompiledTemplate {
  const file = componentFile(name);
  if (file !== undefined) {
    try {
      return render.host.findTemplate(file);
    } catch (error) {
      if (!(error instanceof TemplateDoesNotExist) || error.frames.length > 0) throw error;
    }
  }
  throw new TemplateDoesNotExist(unknownComponent(name, render.host.templateNames()));
}

const nameOfAttribute = /^[\p{L}_@:][\p{L}\p{N}_.:@-]*$/u;

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

interface Judged {
  readonly component: string;
  readonly call: ComponentCall;
  readonly given: readonly (readonly [string, unknown])[];
}

function check(template: CompiledTemplate, { component: name, call, given }: Judged): void {
  if (!call.spreads && judged.get(call) === template) return;
  const mistake = mistakeIn(name, template, { ...call, given: given.map(([key]) => key), spreads: false });
  if (mistake) throw mistake;
  judged.set(call, template);
}

/** Props become names; all else that was given is an attribute. */
function bind(template: CompiledTemplate, given: readonly (readonly [string, unknown])[]) {
  const { props } = template.shape;
  const inner = child(null);
  const attributes = new Map<string, unknown>();
  for (const [name, value] of given) {
    if (props?.has(name)) inner[name] = value;
    else attributes.set(name, value);
    if (props === undefined && name !== "__proto__") inner[name] = value;
  }
  return { inner, attributes };
}

function slotsOf(fills: Readonly<Record<string, Fill>>): Record<string, true> {
  const filled = Object.create(null) as Record<string, true>;
  for (const name in fills) filled[name] = true;
  return filled;
}

function sharedContext(render: Render, scope: Scope): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  for (const name of shared) {
    const value = nameAsItStands(render, scope, name);
    if (value !== undefined) context[name] = value;
  }
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
