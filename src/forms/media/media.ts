import { safe, type SafeString } from "#templates";
import type { Attributes } from "../html.ts";
import { assetOf, type MediaAsset, Script, Stylesheet } from "./media-asset.ts";
import { mergeInOrder } from "./merge-in-order.ts";

/** A style sheet or a script as classes name it: a path, an asset with attributes, or HTML of the program's own. */
type Named = string | SafeString | MediaAsset;

/** What a widget or a form needs: `static media = { css: { all: ["shop/stars.css"] }, js: ["shop/stars.js"] }`. */
export interface MediaDefinition {
  /** Style sheets by the kind of medium: `all`, `print`, `screen`. */
  css?: Readonly<Record<string, readonly Named[]>> | undefined;
  js?: readonly Named[] | undefined;
  /** Whether what the parent class needs is needed too (true by default); a list: only of these kinds. */
  extend?: boolean | readonly ("css" | "js")[] | undefined;
}

type Lists = readonly (readonly MediaAsset[])[];

/** Style sheets and scripts of forms and widgets, each once and in an order that suits all. A template prints it in the head. */
export class Media {
  readonly #css: ReadonlyMap<string, Lists>;
  readonly #js: Lists;

  constructor(definition: MediaDefinition = {}, lists?: { css: ReadonlyMap<string, Lists>; js: Lists }) {
    const { css = {}, js = [] } = definition;
    const sheets = (medium: string) => (path: string) => new Stylesheet(path, { media: medium });
    this.#css = lists?.css ?? new Map(Object.entries(css).map(([medium, all]) => [medium, [all.map((one) => assetOf(one, sheets(medium)))]])); // prettier-ignore
    this.#js = lists?.js ?? [js.map((one) => assetOf(one, (path) => new Script(path)))];
  }

  /** Both together. */
  plus(other: Media): Media {
    if (other.isEmpty) return this;
    if (this.isEmpty) return other;
    const css = new Map(this.#css);
    for (const [medium, lists] of other.#css) css.set(medium, [...(css.get(medium) ?? []), ...lists]);
    return new Media({}, { css, js: [...this.#js, ...other.#js] });
  }

  get isEmpty(): boolean {
    return this.#css.size === 0 && this.#js.every((list) => list.length === 0);
  }

  /** The style sheets alone. */
  get css(): Media {
    return new Media({}, { css: this.#css, js: [] });
  }

  /** The scripts alone. */
  get js(): Media {
    return new Media({}, { css: new Map(), js: this.#js });
  }

  /** Every asset in order: style sheets by medium, then scripts. */
  get assets(): readonly MediaAsset[] {
    const sheets = [...this.#css].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, lists]) => inOrder(lists));
    return [...sheets, ...inOrder(this.#js)];
  }

  /** `<link>` and `<script>`, a line each; `attrs` stand on each of them: `form.media.render({ nonce })`. */
  render(attrs: Attributes = {}): SafeString {
    return safe(this.assets.map((asset) => String(asset.toHtml(attrs))).join("\n"));
  }

  toHtml(): SafeString {
    return this.render();
  }

  toString(): string {
    return String(this.render());
  }
}

function inOrder(lists: Lists): MediaAsset[] {
  const byKey = new Map(lists.flat().map((asset) => [asset.key, asset]));
  const keys = lists.map((list) => [...new Set(list.map((asset) => asset.key))]);
  const warn = (items: readonly string[]) => {
    const message = `Forms and widgets of one page name these files in opposite orders: ${items.join(", ")}.`;
    process.emitWarning(message, { type: "MediaOrderConflictWarning", code: "FORMS_MEDIA_ORDER" });
  };
  return mergeInOrder(keys, warn).map((key) => byKey.get(key)!);
}

/** A class that says in `static media` what it needs. */
interface MediaClass {
  readonly media?: MediaDefinition | undefined;
}

const none = new Media();
const known = new WeakMap<object, Media>();

/** What a class and those that it extends need, up to `base`. */
export function mediaOf(of: MediaClass, base: MediaClass): Media {
  if (of === base || of === Function.prototype) return none;
  const kept = known.get(of);
  if (kept !== undefined) return kept;
  const parent = mediaOf(Object.getPrototypeOf(of) as MediaClass, base);
  const own = Object.hasOwn(of, "media") ? of.media : undefined;
  const media = own === undefined ? parent : inherited(parent, own.extend ?? true).plus(new Media(own));
  known.set(of, media);
  return media;
}

function inherited(parent: Media, extend: boolean | readonly ("css" | "js")[]): Media {
  if (typeof extend === "boolean") return extend ? parent : none;
  return extend.reduce((all, kind) => all.plus(parent[kind]), none);
}
