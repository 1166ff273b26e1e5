import { nearestName } from "#kernel";
import type { Storage } from "#storage";
import { httpErrors } from "../errors.ts";

/** Where `collectstatic` says what it made. */
export const manifestName = "staticfiles.json";

/** A cache may keep what has a hashed name for as long as it likes. */
export const forever = "public, max-age=31536000, immutable";

interface ManifestContent {
  /** The hashed name of each file, by its plain one. */
  readonly paths: Readonly<Record<string, string>>;
  /** What lies compressed beside a file, by its name: `["br", "gz"]`. */
  readonly encodings?: Readonly<Record<string, readonly string[]>>;
  readonly version: "1.1";
}

/** What `collectstatic` made: names that tell the content, and compressed forms. */
export class StaticManifest {
  readonly #paths: ReadonlyMap<string, string>;
  readonly #hashed: ReadonlySet<string>;
  readonly #encodings: ReadonlyMap<string, readonly string[]>;

  constructor({ paths, encodings = {} }: Pick<ManifestContent, "paths" | "encodings">) {
    this.#paths = new Map(Object.entries(paths));
    this.#hashed = new Set(this.#paths.values());
    this.#encodings = new Map(Object.entries(encodings));
  }

  /** The hashed name of a file. @throws HTTP_NO_STATIC_FILE where it was not collected and that is strict */
  hashedName(path: string, { strict = true }: { strict?: boolean | undefined } = {}): string {
    const [name, rest] = parted(path);
    const found = this.#paths.get(name);
    if (found !== undefined) return found + rest;
    if (!strict || name === "" || name.endsWith("/")) return path;
    throw httpErrors.HTTP_NO_STATIC_FILE({ path: name, nearest: nearestName(name, [...this.#paths.keys()]) });
  }

  /** Whether a name tells its content, so that the content never changes. */
  isHashed(name: string): boolean {
    return this.#hashed.has(name);
  }

  /** In which forms a file lies compressed: `br`, `zst`, `gz`. */
  encodingsOf(name: string): readonly string[] {
    return this.#encodings.get(name) ?? [];
  }
}

/** A file's name, and what follows it: `?v=1#icon`. */
export function parted(path: string): [name: string, rest: string] {
  const at = path.search(/[?#]/);
  return at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at)];
}

/** The manifest of a storage; undefined where nothing was collected into it. */
export async function readStaticManifest(storage: Storage): Promise<StaticManifest | undefined> {
  try {
    return new StaticManifest(JSON.parse(Buffer.from(await storage.read(manifestName)).toString()) as ManifestContent);
  } catch (error) {
    if ((error as { code?: string }).code === "STORAGE_NO_FILE") return undefined;
    throw error;
  }
}

/** Writes the manifest: it is read when a project opens. */
export async function writeStaticManifest(
  storage: Storage,
  content: Pick<ManifestContent, "paths" | "encodings">,
): Promise<void> {
  const sorted = (record: object): object => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const text = JSON.stringify(
    { paths: sorted(content.paths), encodings: sorted(content.encodings ?? {}), version: "1.1" },
    null,
    1,
  );
  await storage.save(manifestName, text, { overwrite: true, headers: { "cache-control": "no-cache" } });
}
