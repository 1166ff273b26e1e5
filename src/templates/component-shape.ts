import type { CortadoError } from "#kernel";
import { templatesErrors } from "./errors.ts";
import type { Parser } from "./parser.ts";
import type { CompiledTemplate } from "./template.ts";

/** What a component takes: found when its template is compiled. */
export interface ComponentShape {
  /** By name, whether it must be given; undefined where `{% props %}` does not say. */
  readonly props: ReadonlyMap<string, boolean> | undefined;
  /** Whether it shows attributes that are no props. */
  readonly attributes: boolean;
  readonly slots: ReadonlySet<string>;
  /** Its parents or includes may have slots too. */
  readonly isOpen: boolean;
}

/** How a component is used somewhere. */
export interface ComponentCall {
  readonly given: readonly string[];
  /** Whether a dictionary gives more. */
  readonly spreads: boolean;
  readonly slots: readonly string[];
  /** The same as the component sees them: `{% if slots.footer %}`. */
  readonly filled: Readonly<Record<string, true>>;
}

/** The template of a component: `card` is `components/card.html`. Undefined for what is no name of one. */
export function componentFile(name: string): string | undefined {
  return /^[\p{L}\p{N}_-]+(?:\/[\p{L}\p{N}_-]+)*$/u.test(name) ? `components/${name}.html` : undefined;
}

/** What the template that was parsed takes as a component. */
export function shapeOf({ notes }: Parser): ComponentShape {
  return {
    props: notes.get("props") as ComponentShape["props"],
    attributes: notes.has("attrs"),
    slots: (notes.get("slots") as Set<string> | undefined) ?? new Set(),
    isOpen: notes.has("extends") || notes.has("includes"),
  };
}

/** What is wrong with a use of a component, judged by names alone. */
export function mistakeIn(
  component: string,
  { shape }: CompiledTemplate,
  call: Omit<ComponentCall, "filled">,
): CortadoError | undefined {
  const { props, attributes, slots, isOpen } = shape;
  const known = [...(props?.keys() ?? [])];
  const unknown = props && !attributes ? call.given.find((name) => !props.has(name)) : undefined;
  if (unknown !== undefined) return templatesErrors.TEMPLATES_UNKNOWN_PROP({ component, prop: unknown, known });
  const lacking = [...(props ?? [])].filter(([name, required]) => required && !call.given.includes(name)).map(([name]) => name);
  if (lacking.length > 0 && !call.spreads) return templatesErrors.TEMPLATES_MISSING_PROP({ component, props: lacking });
  const slot = isOpen ? undefined : call.slots.find((name) => !slots.has(name));
  return slot === undefined ? undefined : templatesErrors.TEMPLATES_UNKNOWN_SLOT({ component, slot, known: [...slots] });
}

/** Says that there is no component of a name, and which there are among the templates. */
export function unknownComponent(component: string, templates: readonly string[]): CortadoError {
  const known = templates.flatMap((template) => /^components\/(.+)\.html$/.exec(template)?.[1] ?? []);
  return templatesErrors.TEMPLATES_UNKNOWN_COMPONENT({ component, known });
}
