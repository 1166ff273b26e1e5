import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { TemplateSource } from "../template.ts";
import type { Loader } from "./loader.ts";

/** Templates that are files under a folder. A name cannot lead out of it. */
export class DirectoryLoader implements Loader {
  readonly label: string;

  constructor(directory: string) {
    this.label = resolve(directory);
  }

  find(name: string): TemplateSource | undefined {
    if (name === "" || name.includes("\0")) return undefined;
    const file = resolve(this.label, name);
    if (!file.startsWith(this.label + sep)) return undefined;
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    return { name, text: readFileSync(file, "utf8"), origin: file };
  }

  names(): Iterable<string> {
    if (!statSync(this.label, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(this.label, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.label, join(entry.parentPath, entry.name)).split(sep).join("/"));
  }

  stamp(source: TemplateSource): number {
    return statSync(source.origin, { throwIfNoEntry: false })?.mtimeMs ?? -1;
  }
}
