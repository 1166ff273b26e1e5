import { templatesErrors } from "../errors.ts";
import { TemplateDoesNotExist } from "../template-error.ts";
import type { CompiledTemplate, TemplateSource } from "../template.ts";
import type { Loader } from "./loader.ts";

interface Kept {
  readonly template: CompiledTemplate;
  readonly source: TemplateSource;
  readonly loader: Loader;
  readonly stamp: number;
}

/** Finds templates by name, compiles each once, and in debug mode again when its file changed. */
export class TemplateCache {
  readonly #loaders: readonly Loader[];
  readonly #compile: (source: TemplateSource) => CompiledTemplate;
  readonly #watches: boolean;
  readonly #kept = new Map<string, Kept>();

  constructor(loaders: readonly Loader[], options: { compile: (source: TemplateSource) => CompiledTemplate; watches: boolean }) {
    this.#loaders = loaders;
    this.#compile = options.compile;
    this.#watches = options.watches;
  }

  /** The template, or the part `name#partial`. @throws TemplateDoesNotExist */
  get(name: string, seen: readonly string[] = []): CompiledTemplate {
    const hash = name.lastIndexOf("#");
    if (hash <= 0) return this.#whole(name, seen);
    const template = this.#whole(name.slice(0, hash), seen);
    const partial = name.slice(hash + 1);
    const part = template.part(partial);
    if (part) return part;
    const known = [...template.partials.keys()];
    throw new TemplateDoesNotExist(templatesErrors.TEMPLATES_UNKNOWN_PARTIAL({ partial, template: template.name, known }));
  }

  /** Every name the loaders have. */
  names(): string[] {
    return [...new Set(this.#loaders.flatMap((loader) => [...loader.names()]))].sort();
  }

  /** Where the template of a name comes from: a file, or the loader's word for it. */
  originOf(name: string): string {
    return this.#kept.get(name)?.source.origin ?? this.#loaders.map((loader) => loader.find(name)?.origin).find(Boolean) ?? name;
  }

  #whole(name: string, seen: readonly string[]): CompiledTemplate {
    const kept = seen.length === 0 ? this.#kept.get(name) : undefined;
    if (kept && !(this.#watches && kept.loader.stamp(kept.source) !== kept.stamp)) return kept.template;
    for (const loader of this.#loaders) {
      const source = loader.find(name);
      if (source && !seen.includes(source.origin)) return this.#keep(source, loader, seen.length === 0);
    }
    const tried = this.#loaders.map((loader) => loader.label);
    const known = this.names();
    if (seen.length > 0 && known.includes(name))
      throw new TemplateDoesNotExist(templatesErrors.TEMPLATES_EXTENDS_ITSELF({ name }));
    throw new TemplateDoesNotExist(templatesErrors.TEMPLATES_DOES_NOT_EXIST({ name, tried, known }));
  }

  #keep(source: TemplateSource, loader: Loader, first: boolean): CompiledTemplate {
    const known = [...this.#kept.values()].find((kept) => kept.source.origin === source.origin);
    const stamp = loader.stamp(source);
    if (known && known.stamp === stamp && known.source.text === source.text) return known.template;
    const template = this.#compile(source);
    this.#kept.set(first ? source.name : `${source.name} of ${source.origin}`, { template, source, loader, stamp });
    return template;
  }
}
