import { currentLanguage, currentTimeZone } from "#kernel/i18n";
import { isDateLike } from "../dates/calendar-time.ts";
import type { Addresses } from "../addresses.ts";
import { type DateStyle, formatDate } from "../dates/format-date.ts";
import { templatesErrors } from "../errors.ts";
import type { FilterState } from "../library.ts";
import { SafeString, escapeHtml } from "../safe-string.ts";
import { addPlace, noteContext, type Place } from "../template-error.ts";
import type { Body, CompiledTemplate } from "../template.ts";
import { isDecimal } from "./compare.ts";
import type { ComponentUse } from "./component.ts";
import { type LocalNumbers, localNumbers, digitsOf } from "./local-numbers.ts";
import { isPending, unlessSilent } from "./lookup.ts";
import { contextSnapshot, type Scope } from "./scope.ts";
import { textOf } from "./text.ts";

/** Makes the address of a name; `request` is what the context calls so. */
export type Reverse = (name: string, ...given: [args: unknown[], kwargs: Record<string, unknown>, request: unknown]) => string;

/** What a render needs of its engine. */
export interface RenderHost {
  readonly globals: Record<string, unknown>;
  readonly stringIfInvalid: string;
  /** The zone of every render; that of what runs where there is none. */
  readonly timeZone: string | undefined;
  readonly debug: boolean;
  readonly addresses: Addresses;
  readonly reverse: Reverse | undefined;
  readonly onMissingName: ((name: string, place: Place, known: () => readonly string[]) => void) | undefined;
  /** @param seen origins not to take: a template that extends its own name. */
  findTemplate(name: string, seen?: readonly string[]): CompiledTemplate;
  templateNames(): readonly string[];
}

/** What belongs to one template while it is rendered: its blocks, and the states of its cycles. */
export interface Frame {
  template: CompiledTemplate;
  /** Made when something is first remembered: see `statesOf`. */
  states: Map<unknown, unknown> | undefined;
  blocks: Map<string, Body[]> | undefined;
  /** Where the template and its parents came from; undefined until one is extended. */
  origins: readonly string[] | undefined;
}

/** The state of one render. */
export class Render implements FilterState {
  readonly host: RenderHost;
  context: Record<string, unknown>;
  autoescape: boolean;
  frame: Frame;
  language: string;
  timeZone: string;
  activeTimeZone: string;
  localizes = true;
  /** How numbers are shown; undefined where as they are. */
  numbers: LocalNumbers | undefined;
  /** The component that is being rendered. */
  component: ComponentUse | undefined;
  /** What components see of the page whose context this is. */
  shared: { readonly of: Record<string, unknown>; readonly context: Record<string, unknown> } | undefined;
  /** How many includes and partials are open. */
  depth = 0;
  /** What was awaited, by the object that was. */
  readonly settled = new Map<unknown, unknown>();

  constructor(host: RenderHost, template: CompiledTemplate, options: { context: Record<string, unknown>; autoescape: boolean }) {
    this.host = host;
    this.context = options.context;
    this.autoescape = options.autoescape;
    this.frame = newFrame(template);
    this.language = currentLanguage();
    this.activeTimeZone = this.timeZone = host.timeZone ?? currentTimeZone();
    this.numbers = localNumbers(this.language);
  }

  /** A render that stands where this one does, and goes its own way. */
  fork(): Render {
    const fork = new Render(this.host, this.frame.template, this);
    const { language, timeZone, activeTimeZone, localizes, numbers, depth, component } = this;
    Object.assign(fork, { language, timeZone, activeTimeZone, localizes, numbers, depth, component });
    fork.frame = { ...this.frame, states: this.frame.states && new Map(this.frame.states) };
    return fork;
  }

  get now(): () => Date {
    return currentTime;
  }
}

const currentTime = () => new Date();

export function newFrame(template: CompiledTemplate): Frame {
  return { template, states: undefined, blocks: undefined, origins: undefined };
}

/** What cycles and the like remember while a template is rendered. */
export function statesOf(frame: Frame): Map<unknown, unknown> {
  return (frame.states ??= new Map());
}

/** Where in its source a compiled function stands, with which render and names. */
interface Standing {
  readonly at: number;
  readonly r: Render;
  readonly s: Scope;
}

/** Notes where an error came from on its way out; in debug mode also which names there were. */
export function located(error: unknown, place: { template: string; source: string }, { at, r, s }: Standing): unknown {
  const tag = /^(?:\{%.*?%\}|\{\{.*?\}\})/.exec(place.source.slice(at, at + 500));
  const placed = addPlace(error, { ...place, start: at, end: at + (tag?.[0].length ?? 1) });
  if (r.host.debug) noteContext(placed, () => contextSnapshot(r, s));
  return placed;
}

/** Prints what is neither text nor number: HTML of its own, promises of it, and everything else by its text. */
export function* print(render: Render, value: unknown, autoescape: boolean): Generator<unknown, string, unknown> {
  let current = value;
  if (typeof current === "object" && current !== null && !(current instanceof SafeString)) {
    const { toHtml } = current as { toHtml?: unknown };
    if (typeof toHtml === "function") current = toHtml.call(current) as unknown;
    if (typeof current === "object" && isPending(current)) current = yield current;
  }
  if (current instanceof SafeString) return current.value;
  if (current === undefined) return render.host.stringIfInvalid;
  const text = shownText(render, current);
  return autoescape ? escapeHtml(text) : text;
}

/** How values are shown in a page. */
interface ShownStyle extends DateStyle {
  readonly numbers: LocalNumbers | undefined;
}

/** A value's text in a page: numbers and dates as the language writes them. */
export function shownText(style: ShownStyle, value: unknown): string {
  if (typeof value === "number" || typeof value === "bigint" || isDecimal(value)) {
    const digits = digitsOf(value);
    return style.numbers === undefined ? digits : style.numbers(digits);
  }
  return isDateLike(value) ? formatDate(value, undefined, style) : textOf(value, style);
}

/** Runs compiled code as far as it goes at once; a promise only when something must be awaited. */
export function runBody(render: Render, body: Generator<unknown, string, unknown>): string | Promise<string> {
  let step = body.next();
  while (!step.done) {
    if (!render.settled.has(step.value)) return runOn(render, body, step.value);
    step = body.next(render.settled.get(step.value));
  }
  return step.value;
}

async function runOn(render: Render, body: Generator<unknown, string, unknown>, awaited: unknown): Promise<string> {
  let pending = awaited;
  for (;;) {
    let step: IteratorResult<unknown, string>;
    try {
      const value = render.settled.has(pending) ? render.settled.get(pending) : await settle(pending);
      render.settled.set(pending, value);
      step = body.next(value);
    } catch (error) {
      step = body.throw(error);
    }
    if (step.done) return step.value;
    pending = step.value;
  }
}

async function settle(pending: unknown): Promise<unknown> {
  try {
    if (typeof (pending as PromiseLike<unknown>).then === "function") return await (pending as PromiseLike<unknown>);
    return await Array.fromAsync(pending as AsyncIterable<unknown>);
  } catch (error) {
    return unlessSilent(error);
  }
}

/** Runs compiled code that may not await. @throws TEMPLATES_PENDING_VALUE */
export function runSync(render: Render, body: Generator<unknown, string, unknown>): string {
  const step = body.next();
  if (step.done) return step.value;
  body.throw(templatesErrors.TEMPLATES_PENDING_VALUE({ template: render.frame.template.name }));
  throw new Error("A compiled template went on after an error. This is a bug in Cortado.");
}
