import { CortadoError } from "#kernel";
import { positionOf } from "./lexer.ts";

/** A place in a template: what an error points at. */
export interface TemplateFrame {
  readonly template: string;
  readonly line: number;
  readonly column: number;
  /** The line with a caret under the place. */
  readonly excerpt: string;
}

/** Where in which source something stands. */
export interface Place {
  readonly template: string;
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/** The frame of a place. */
export function frameOf(place: Place): TemplateFrame {
  const { line, column } = positionOf(place.source, place.start);
  const text = place.source.split("\n")[line - 1] ?? "";
  const width = Math.max(1, Math.min(place.end - place.start, text.length - column + 1));
  const gutter = `${line} | `;
  const excerpt = `${gutter}${text}\n${" ".repeat(gutter.length + column - 1)}${"^".repeat(width)}`;
  return { template: place.template, line, column, excerpt };
}

/** What is said of the way that led to an error: its innermost part. */
const mostFrames = 20;

/** An error of a template, with the place it happened at and the templates that led there. */
export class TemplateError extends CortadoError {
  override name = "TemplateError";
  /** What is wrong, without the place. */
  readonly problem: string;
  /** The innermost place first, then the include or extends that led there, and so on. */
  readonly frames: TemplateFrame[] = [];

  constructor(error: CortadoError, place?: Place) {
    super(error.code, error.message, { hint: error.hint, cause: error.cause });
    this.problem = error.message;
    if (place) this.addFrame(frameOf(place));
  }

  get template(): string | undefined {
    return this.frames[0]?.template;
  }

  get line(): number | undefined {
    return this.frames[0]?.line;
  }

  get column(): number | undefined {
    return this.frames[0]?.column;
  }

  get excerpt(): string | undefined {
    return this.frames[0]?.excerpt;
  }

  /** Adds the place that led to the error, and says it in the message. */
  addFrame(frame: TemplateFrame): void {
    if (this.frames.length === mostFrames) return;
    this.frames.push(frame);
    const [first, ...rest] = this.frames;
    const from = rest.map((outer) => `\nfrom ${outer.template}, line ${outer.line}, column ${outer.column}`);
    this.message = `${this.problem}\nin ${first!.template}, line ${first!.line}, column ${first!.column}\n\n${first!.excerpt}${from.join("")}`;
  }
}

/** The template says something that the language does not have. */
export class TemplateSyntaxError extends TemplateError {
  override name = "TemplateSyntaxError";
}

/** A template that was asked for is nowhere. */
export class TemplateDoesNotExist extends TemplateError {
  override name = "TemplateDoesNotExist";
}

/** Errors about what a context holds, not about what a template says. */
const valueCodes: ReadonlySet<string> = new Set(
  ["BAD_VALUE", "MISSING_NAME", "PENDING_VALUE", "TOO_DEEP"].map((name) => `TEMPLATES_${name}`),
);

const traces = new WeakMap<object, TemplateFrame[]>();

/** Notes the place an error passed through, on its way out of nested templates; the error stays itself. */
export function addPlace(error: unknown, place: Place): unknown {
  if (error instanceof CortadoError && !(error instanceof TemplateError) && error.code.startsWith("TEMPLATES_")) {
    return valueCodes.has(error.code) ? new TemplateError(error, place) : new TemplateSyntaxError(error, place);
  }
  const frame = frameOf(place);
  if (error instanceof TemplateError) error.addFrame(frame);
  else if (typeof error === "object" && error !== null) {
    const frames = traces.get(error) ?? [];
    if (frames.length < mostFrames) traces.set(error, [...frames, frame]);
  }
  return error;
}

const contexts = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** Remembers the names there were where an error came from. */
export function noteContext(error: unknown, names: () => Readonly<Record<string, unknown>>): void {
  if (typeof error === "object" && error !== null && !contexts.has(error)) contexts.set(error, names());
}

/** The names of the context, and those bound around the place, where a template failed in debug mode. For error pages. */
export function templateContext(error: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof error === "object" && error !== null ? contexts.get(error) : undefined;
}

/**
 * The places in templates an error came through, innermost first: for error pages.
 *
 * ```ts
 * try { await engine.render("a.html", context); } catch (error) { console.log(templateTrace(error)); }
 * ```
 */
export function templateTrace(error: unknown): readonly TemplateFrame[] {
  if (error instanceof TemplateError) return error.frames;
  return (typeof error === "object" && error !== null && traces.get(error)) || [];
}
