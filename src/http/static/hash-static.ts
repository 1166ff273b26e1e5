import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { posix } from "node:path";
import type { Readable } from "node:stream";
import { nearestName } from "#kernel";
import { httpErrors } from "../errors.ts";
import { hasReferences, replaceReferences, type StaticReference } from "./static-references.ts";

/** A file under the name that tells its content. */
export interface HashedFile {
  readonly name: string;
  /** The content with the references rewritten; undefined where it is that of the source. */
  readonly content: Buffer | undefined;
}

export interface HashOptions {
  readonly staticUrl: string;
  /** Also what modules import. */
  readonly modules: boolean;
}

/**
 * Gives files names that tell their content, and writes these names into the files that refer to them. A file's name
 * is told by its content after that, so a change goes up to everything that refers to it.
 */
export class StaticHasher {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #options: HashOptions;
  readonly #done = new Map<string, HashedFile>();

  /** @param sources where each file lies, by its path */
  constructor(sources: ReadonlyMap<string, string>, options: HashOptions) {
    this.#sources = sources;
    this.#options = options;
  }

  /** @throws HTTP_MISSING_STATIC_REFERENCE, HTTP_CIRCULAR_STATIC_REFERENCE */
  async hash(path: string, above: readonly string[] = []): Promise<HashedFile> {
    const known = this.#done.get(path);
    if (known !== undefined) return known;
    const file = this.#sources.get(path)!;
    const content = hasReferences(path)
      ? await this.#rewritten(path, (await readFile(file)).toString(), [...above, path])
      : undefined;
    const hashed = { name: await hashedName(path, content ?? createReadStream(file)), content };
    this.#done.set(path, hashed);
    return hashed;
  }

  async #rewritten(path: string, content: string, above: readonly string[]): Promise<Buffer> {
    const named = new Map<string, string | undefined>();
    const place = { path, staticUrl: this.#options.staticUrl, modules: this.#options.modules };
    const references: StaticReference[] = [];
    replaceReferences(content, { ...place, replace: (reference) => void references.push(reference) });
    for (const reference of references) named.set(reference.path, await this.#nameOf(path, reference, above));
    return Buffer.from(replaceReferences(content, { ...place, replace: ({ path: to }) => named.get(to) }));
  }

  async #nameOf(
    path: string,
    { path: to, written, isSourceMap }: StaticReference,
    above: readonly string[],
  ): Promise<string | undefined> {
    if (!this.#sources.has(to)) {
      if (isSourceMap) return undefined;
      throw httpErrors.HTTP_MISSING_STATIC_REFERENCE({ path, written, to, nearest: nearestName(to, [...this.#sources.keys()]) });
    }
    // In a circle there is no content to tell a name by.
    if (above.includes(to)) throw httpErrors.HTTP_CIRCULAR_STATIC_REFERENCE({ chain: [...above.slice(above.indexOf(to)), to] });
    return (await this.hash(to, above)).name;
  }
}

/** `shop/logo.3f2a91c07bd4.png` */
async function hashedName(path: string, content: Buffer | Readable): Promise<string> {
  const { dir, name, ext } = posix.parse(path);
  const hash = createHash("sha256");
  if (Buffer.isBuffer(content)) hash.update(content);
  else for await (const chunk of content) hash.update(chunk as Buffer);
  return posix.join(dir, `${name}.${hash.digest("hex").slice(0, 12)}${ext}`);
}
