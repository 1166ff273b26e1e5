import { posix } from "node:path";
import { encodePath } from "#kernel";

/** Gives the name that a file refers to from now on; undefined leaves it as it is. */
export type Replace = (reference: StaticReference) => string | undefined;

/** A place in a file that names another. */
export interface StaticReference {
  /** As it is written: `../img/logo.png?v=2`. */
  readonly written: string;
  /** The file that is meant: `shop/img/logo.png`. */
  readonly path: string;
  /** What follows the name: `?v=2#icon`. */
  readonly suffix: string;
  /** A map from the file to its source: it is there for developers, and is not missed. */
  readonly isSourceMap: boolean;
}

const cssPlaces =
  /\/\*# ?sourceMappingURL=([^\s*]+)\s*\*\/|\/\*[^]*?\*\/|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')|\burl\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/gi;
const mapPlaces = /^\/\/[#@] ?sourceMappingURL=(\S+)[^\S\n]*$/gm;
const modulePlaces = /\/\*[^]*?\*\/|^\s*\/\/.*$|(?:\bfrom|\bimport)\s*\(?\s*(?:"(\.{0,2}\/[^"\n]+)"|'(\.{0,2}\/[^'\n]+)')/gm;

/** Whether a file names others. */
export function hasReferences(path: string): boolean {
  return /\.(?:css|m?js)$/.test(path);
}

/** The content of a CSS or JavaScript file with its references replaced. */
export function replaceReferences(
  content: string,
  { path, staticUrl, modules, replace }: { path: string; staticUrl: string; modules: boolean; replace: Replace },
): string {
  const change = (whole: string, ...rest: unknown[]): string => {
    const groups = rest.slice(
      0,
      rest.findIndex((value) => typeof value === "number"),
    ) as (string | undefined)[];
    const written = groups.find((group) => group !== undefined);
    if (written === undefined) return whole;
    const isSourceMap = whole.includes("sourceMappingURL");
    const reference = referenceOf(written, { path, staticUrl, isSourceMap });
    const target = reference === undefined ? undefined : replace(reference);
    return target === undefined ? whole : whole.replace(written, () => addressFrom(path, target, reference!, staticUrl));
  };
  if (path.endsWith(".css")) return content.replaceAll(cssPlaces, change);
  const mapped = content.replaceAll(mapPlaces, change);
  return modules ? mapped.replaceAll(modulePlaces, change) : mapped;
}

/** What is meant; undefined for what is no static file of this site. */
function referenceOf(
  written: string,
  { path, staticUrl, isSourceMap }: { path: string; staticUrl: string; isSourceMap: boolean },
): StaticReference | undefined {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/|#)/i.test(written) && !written.startsWith(staticUrl)) return undefined;
  const [, name = "", suffix = ""] = /^([^?#]*)(.*)$/s.exec(written)!;
  if (name === "") return undefined;
  const plain = decoded(name);
  if (name.startsWith(staticUrl)) return { written, path: plain.slice(staticUrl.length), suffix, isSourceMap };
  if (name.startsWith("/")) return undefined;
  return { written, path: posix.join(posix.dirname(path), plain), suffix, isSourceMap };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** How a file names another: from its own place where it did so before, or from the root of static files. */
function addressFrom(path: string, target: string, { written, suffix }: StaticReference, staticUrl: string): string {
  if (written.startsWith(staticUrl)) return staticUrl + encodePath(target) + suffix;
  const relative = posix.relative(posix.dirname(path), target);
  return (written.startsWith("./") ? "./" : "") + encodePath(relative) + suffix;
}
