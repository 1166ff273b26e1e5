import type { TemplateSource } from "../template.ts";
import type { Loader } from "./loader.ts";

/** Templates given as an object of sources by name. */
export class MemoryLoader implements Loader {
  readonly label = "memory";
  readonly #sources: Readonly<Record<string, string>>;

  constructor(sources: Readonly<Record<string, string>>) {
    this.#sources = sources;
  }

  find(name: string): TemplateSource | undefined {
    if (!Object.hasOwn(this.#sources, name)) return undefined;
    return { name, text: this.#sources[name]!, origin: `memory:${name}` };
  }

  names(): Iterable<string> {
    return Object.keys(this.#sources);
  }

  stamp(): number {
    return 0;
  }
}
