import { SafeString, safe } from "#templates";
import { type Attributes, attributes } from "../html.ts";

/** A style sheet or a script: where it is, and how a page asks for it. */
export interface MediaAsset {
  /** Two assets of one key are one. */
  readonly key: string;
  toHtml(attrs?: Attributes): SafeString;
}

let addressOf = (path: string): string => `/static/${path}`;

/** Says where the static files are that media name by relative paths. A project does so when it opens. */
export function useMediaAddress(address: (path: string) => string): void {
  addressOf = address;
}

/** A path as pages ask for it: a full address and one from the root stay as they are. */
function absolute(path: string): string {
  return /^(?:https?:)?\/\/|^\//i.test(path) ? path : addressOf(path);
}

/** A file that a page needs, with attributes of its own. */
export abstract class MediaPath implements MediaAsset {
  readonly path: string;
  readonly attrs: Attributes;

  constructor(path: string, attrs: Attributes = {}) {
    this.path = path;
    this.attrs = attrs;
  }

  get key(): string {
    return `${this.path}${String(attributes(this.attrs))}`;
  }

  get address(): string {
    return absolute(this.path);
  }

  abstract toHtml(attrs?: Attributes): SafeString;
}

/** `<script src="…">` with attributes: `new Script("shop/map.js", { type: "module" })`. */
export class Script extends MediaPath {
  override toHtml(attrs: Attributes = {}): SafeString {
    return safe(`<script${String(attributes({ src: this.address, ...this.attrs, ...attrs }))}></script>`);
  }
}

/** `<link rel="stylesheet">` with attributes: `new Stylesheet("shop/print.css", { media: "print" })`. */
export class Stylesheet extends MediaPath {
  override toHtml(attrs: Attributes = {}): SafeString {
    return safe(`<link${String(attributes({ href: this.address, ...this.attrs, rel: "stylesheet", ...attrs }))}>`);
  }
}

/** An asset as HTML; one that is HTML of the program's own stays as it is. */
export function assetOf(given: string | SafeString | MediaAsset, make: (path: string) => MediaAsset): MediaAsset {
  if (typeof given === "string") return make(given);
  if (given instanceof SafeString) return { key: given.value, toHtml: () => given };
  return given;
}
