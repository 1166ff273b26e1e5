import { Signal } from "#kernel";
import type { Render } from "./runtime/render.ts";
import type { CompiledTemplate } from "./template.ts";

/** A template, and what it is rendered with; its parents and what it includes are told of by themselves. */
export interface Rendered {
  readonly template: CompiledTemplate;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * A template begins to be rendered. Its receivers are called at once and not awaited.
 *
 * ```ts
 * const stop = templateRendered.connect(({ template }) => console.log(template.name));
 * ```
 */
export const templateRendered = new Signal<Rendered, Render>();
