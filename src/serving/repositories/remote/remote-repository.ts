import { setTimeout as sleep } from "node:timers/promises";
import { servingErrors } from "../../errors.ts";
import type { ModelRepository, VersionSource } from "../model-repository.ts";
import { newestFirst } from "../names.ts";
import type { RemoteOrigin } from "./remote-origin.ts";
import { type KnownVersion, SourceCache } from "./source-cache.ts";
import { type FoundVersion, versionsIn } from "./tree-layout.ts";

export interface RemoteRepositoryOptions {
  /** The model whose own folder the source is; without it the source is a folder of models. */
  model: string | undefined;
  /** The folder in which downloads are kept. */
  cache: string;
  /** Seconds between two looks; false looks only when asked to. */
  poll: number | false;
  maxSize: number;
  keep: number;
  warn: (message: string) => void;
}

/** The most milliseconds for which the first question waits, where nothing is known of the source yet. */
const FIRST_WAIT = 5_000;
/** Milliseconds between two looks while something may be half written. */
const SETTLE = 1_000;
/** The most milliseconds between two looks at a source that is not reached, unless it is looked at less often anyway. */
const LONGEST_BACK_OFF = 300_000;
/** Milliseconds for which the files of a version that is gone stay here: it may still be answering. */
const GONE_FOR = 600_000;

/**
 * How it works: the source is looked at in the background; questions are answered from what the last look found, so that a
 * slow or broken source slows nothing. What is found is kept in the cache with the files, so that a restart begins with it,
 * also where the source is not reached. Files are fetched when a version is to be loaded.
 */
export class RemoteRepository implements ModelRepository {
  readonly #origin: RemoteOrigin;
  readonly #options: RemoteRepositoryOptions;
  readonly #cache: SourceCache;
  readonly #ended = new AbortController();
  readonly #sources = new Map<string, VersionSource>();
  readonly #fetching = new Map<string, Promise<void>>();
  /** Since when a version has been gone. */
  readonly #gone = new Map<string, number>();
  #known: readonly KnownVersion[] = [];
  /** What was not known to be whole at the last look. */
  #unsettled = new Map<string, string>();
  /** What went wrong with the last look. */
  #failure: (Error & { hint?: string | undefined }) | undefined;
  #looked: Promise<void> | undefined;
  #failures = 0;
  #hasLooked = false;
  #started: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(origin: RemoteOrigin, options: RemoteRepositoryOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#cache = new SourceCache(origin, { folder: options.cache, model: options.model, maxSize: options.maxSize });
  }

  async list(): Promise<string[]> {
    await this.#start();
    return [...new Set(this.#known.map(({ model }) => model))];
  }

  async versions(model: string): Promise<VersionSource[]> {
    await this.#start();
    return this.#known.filter((version) => version.model === model).map((version) => this.#sourceOf(version));
  }

  /** Looks at the source now. What goes wrong is told by `problem`. */
  async refresh(): Promise<void> {
    await this.#start();
    while (this.#looking) await this.#looking;
    await this.#lookOnce();
    if (this.#unsettled.size > 0) {
      await sleep(SETTLE, undefined, { signal: this.#ended.signal }).catch(() => {});
      await this.#lookOnce();
    }
  }

  async demand(): Promise<void> {
    await this.#origin.demandTools?.();
    await this.#start();
    if (this.#known.length > 0) return;
    await this.#looked;
    if (this.#failure === undefined || this.#known.length > 0) return;
    const { message, hint } = this.#failure;
    throw servingErrors.SERVING_SOURCE_UNREACHED({ source: this.#origin.shown, problem: message, hint, cause: this.#failure });
  }

  get source(): string {
    return this.#origin.shown;
  }

  problem(): string | undefined {
    return this.#failure?.message;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#ended.abort(new Error("the models are being closed"));
    await this.#looking;
    await Promise.allSettled(this.#fetching.values());
    await this.#origin.close?.();
  }

  #start(): Promise<void> {
    return (this.#started ??= this.#begin());
  }

  async #begin(): Promise<void> {
    this.#known = (await this.#cache.read()).versions;
    this.#looked = this.#lookOnce().then(() => this.#planLook());
    if (this.#known.length === 0) await Promise.race([this.#looked, sleep(FIRST_WAIT, undefined, { ref: false })]);
  }

  #planLook(): void {
    const { poll } = this.#options;
    const isUnsettled = this.#unsettled.size > 0 || (poll === false && this.#failures > 0);
    if (this.#ended.signal.aborted || (poll === false && !isUnsettled)) return;
    const usual = poll === false ? SETTLE : poll * 1000;
    const backedOff = Math.min(usual * 2 ** this.#failures, Math.max(usual, LONGEST_BACK_OFF));
    const wait = this.#unsettled.size > 0 ? Math.min(SETTLE, usual) : backedOff;
    this.#timer = setTimeout(() => void this.#lookOnce().then(() => this.#planLook()), wait).unref();
  }

  #lookOnce(): Promise<void> {
    return (this.#looking ??= this.#look().finally(() => (this.#looking = undefined)));
  }

  async #look(): Promise<void> {
    try {
      const tree = await this.#origin.look(this.#ended.signal);
      await this.#take(versionsIn(tree, this.#origin, this.#options.model));
      this.#failures = 0;
      this.#failure = undefined;
    } catch (error) {
      if (this.#ended.signal.aborted) return;
      const { message, hint = "" } = error as Error & { hint?: string };
      const served = this.#known.length > 0 ? " What was found before stays served." : "";
      if (this.#failure?.message !== message)
        this.#options.warn(`The source ${this.#origin.shown} could not be looked at: ${message}${served} ${hint}`.trim());
      this.#failures = Math.min(this.#failures + 1, 10);
      this.#failure = error as Error;
    }
  }

  async #take(all: readonly FoundVersion[]): Promise<void> {
    const unsettled = new Map<string, string>();
    const settled = all.filter((found) => {
      if (found.whole || this.#isKnown(found) || this.#unsettled.get(keyOf(found)) === found.fingerprint) return true;
      unsettled.set(keyOf(found), found.fingerprint);
      return false;
    });
    this.#unsettled = unsettled;
    const { versions } = await this.#cache.update(async (state) => {
      const next: KnownVersion[] = [];
      for (const found of settled) next.push(this.#numbered(found, state.versions, state.numbers));
      // While something changes, it counts as what it was.
      const kept = new Set(next.map(nameOf));
      for (const version of state.versions) {
        const isChanging = unsettled.has(
          keyOf({ model: version.model, version: version.numbered ? undefined : version.version }),
        );
        if (!kept.has(nameOf(version)) && (isChanging || (await this.#isOlder(version, next)))) next.push(version);
      }
      state.versions = this.#withoutOldest(next);
    });
    if (!this.#hasLooked) await this.#cache.removeLeftOvers(versions);
    this.#hasLooked = true;
    this.#known = versions;
    await this.#sweep();
  }

  #isKnown(found: FoundVersion): boolean {
    return this.#known.some(({ model, fingerprint }) => model === found.model && fingerprint === found.fingerprint);
  }

  /** A content that was seen before keeps its number, and the revision that it was first seen with. */
  #numbered(found: FoundVersion, before: readonly KnownVersion[], numbers: Record<string, number>): KnownVersion {
    const { model, files, fingerprint, revision } = found;
    const count = Object.hasOwn(numbers, model) ? numbers[model]! : 0;
    const last = found.version ?? String(count);
    const same = before.find((each) => each.model === model && each.version === last && each.fingerprint === fingerprint);
    if (same?.numbered === (found.version === undefined)) return same;
    const version = found.version ?? String((numbers[model] = count + 1));
    return { model, version, fingerprint, revision, files, numbered: found.version === undefined };
  }

  /** True for an earlier content of a source without version folders, which is still here. */
  async #isOlder(version: KnownVersion, next: readonly KnownVersion[]): Promise<boolean> {
    const isFollowed = next.some((each) => each.numbered && each.model === version.model);
    return version.numbered && isFollowed && this.#cache.has(version);
  }

  #withoutOldest(versions: readonly KnownVersion[]): KnownVersion[] {
    const numbered = versions.filter((each) => each.numbered).sort((a, b) => newestFirst(a.version, b.version));
    const dropped = new Set(
      numbered.filter((version) => {
        const newer = numbered.slice(0, numbered.indexOf(version)).filter(({ model }) => model === version.model);
        return newer.length >= this.#options.keep;
      }),
    );
    return versions.filter((version) => !dropped.has(version));
  }

  /** Removes from the cache what has been gone for long. */
  async #sweep(): Promise<void> {
    const known = new Set(this.#known.map(nameOf));
    for (const [name, source] of this.#sources) {
      if (known.has(name)) this.#gone.delete(name);
      else if (!this.#gone.has(name)) this.#gone.set(name, performance.now());
      else if (performance.now() - this.#gone.get(name)! > GONE_FOR) {
        this.#sources.delete(name);
        this.#gone.delete(name);
        await this.#cache.remove(source.directory);
      }
    }
  }

  #sourceOf(known: KnownVersion): VersionSource {
    const name = nameOf(known);
    let source = this.#sources.get(name);
    if (source === undefined) {
      const { version, revision, fingerprint } = known;
      const fetch = () => this.#bring(known);
      source = { version, directory: this.#cache.directoryOf(known), fingerprint, ...(revision ? { revision } : {}), fetch };
      this.#sources.set(name, source);
    }
    return source;
  }

  /** Several versions may be fetched at once, each one once. */
  async #bring(known: KnownVersion): Promise<void> {
    const name = nameOf(known);
    let fetching = this.#fetching.get(name);
    if (fetching === undefined) {
      fetching = this.#cache.bring(known, this.#ended.signal).finally(() => this.#fetching.delete(name));
      this.#fetching.set(name, fetching);
    }
    await fetching;
  }
}

/** Where a version lies in its source. */
const keyOf = ({ model, version }: Pick<FoundVersion, "model" | "version">): string => `${model}/${version ?? ""}`;

/** A version with a certain content. */
const nameOf = ({ model, version, fingerprint }: KnownVersion): string => `${model}/${version}/${fingerprint}`;
