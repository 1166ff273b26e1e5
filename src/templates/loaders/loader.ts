import type { TemplateSource } from "../template.ts";

/** Where templates come from. */
export interface Loader {
  /** What it is called in errors: a folder, "memory". */
  readonly label: string;
  /** The template of a name, or undefined. */
  find(name: string): TemplateSource | undefined;
  /** Every name it has. */
  names(): Iterable<string>;
  /** Says when a found template changed; compared in debug mode to read it again. */
  stamp(source: TemplateSource): number;
}
