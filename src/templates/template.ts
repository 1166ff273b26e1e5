import type { ComponentCall, ComponentShape } from "./component-shape.ts";
import type { Reads } from "./reads/name-reads.ts";
import type { Render } from "./runtime/render.ts";
import type { Scope } from "./runtime/scope.ts";

/** What a template's code is made into: it yields what must be awaited, and returns its text. */
export type Body = (render: Render, scope: Scope) => Generator<unknown, string, unknown>;

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

/** `{% url "name" %}`. */
export interface UrlReference extends Reference {
  /** The names of the parameters, or how many are given by their place. */
  readonly given: readonly string[] | number;
  /** Under a condition: the address may be one that only some projects have. */
  optional: boolean;
}

/** A component that is named somewhere. */
export interface ComponentReference extends Reference, ComponentCall {}

/** What a template refers to by name, for the check of all templates. */
export interface References {
  readonly parent: Reference | undefined;
  readonly includes: readonly Reference[];
  readonly partials: readonly Reference[];
  readonly urls: readonly UrlReference[];
  readonly blocks: readonly Reference[];
  /** The components it uses by name. */
  readonly components: readonly ComponentReference[];
  /** Blocks inside other blocks: these print them. */
  readonly nestedBlocks: ReadonlySet<string>;
  /** What its functions read of a context: `body`, `block:name`, `partial:name`. */
  readonly reads: ReadonlyMap<string, Reads>;
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
  /** What it takes as a component. */
  readonly shape: ComponentShape;

  constructor(
    parts: Pick<
      CompiledTemplate,
      "name" | "origin" | "source" | "body" | "blocks" | "partials" | "extends" | "references" | "shape"
    >,
  ) {
    this.name = parts.name;
    this.origin = parts.origin;
    this.source = parts.source;
    this.body = parts.body;
    this.blocks = parts.blocks;
    this.partials = parts.partials;
    this.extends = parts.extends;
    this.references = parts.references;
    this.shape = parts.shape;
  }

  /** One of its partials, as a template of its own. */
  part(name: string): CompiledTemplate | undefined {
    const body = this.partials.get(name);
    return body && new CompiledTemplate({ ...this, name: this.name, body, blocks: new Map(), extends: false });
  }
}
