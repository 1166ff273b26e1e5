import type { AliasStore, AliasTable, AliasUpdate } from "../aliases/alias-store.ts";
import type { AliasRecord } from "../aliases/alias-target.ts";
import type { ModelRepository, VersionSource } from "../repositories/model-repository.ts";
import { RepositoryLooks } from "./repository-looks.ts";

/** Milliseconds between two looks at the repositories. */
const LOOK_EVERY = 250;
/** Milliseconds between two readings of the aliases: every process follows another's change within a second. */
const READ_EVERY = 250;
/** Milliseconds between the first two looks, so that folders that stand still are served at once. */
const FIRST_LOOKS = 40;

interface WatchOptions {
  aliases: AliasStore;
  /** False where the repositories are looked at when that is asked for, and only then. */
  polls: boolean;
  warn(message: string): void;
  /** Takes the versions of every model. */
  take(found: ReadonlyMap<string, VersionSource[]>): void | Promise<void>;
  takeAliases(table: AliasTable): void;
}

/**
 * Looks at the repositories and reads the aliases again and again, each at its own pace. What is wrong with one of them is
 * told when it changes, and what was known before counts until it is well again.
 */
export class RepositoryWatch {
  readonly #options: WatchOptions;
  readonly #looks: RepositoryLooks;
  readonly #complaints = new Map<unknown, string>();
  #timers: NodeJS.Timeout[] = [];
  #looking: Promise<void> | undefined;
  #reading: Promise<void> | undefined;
  #writes = 0;
  #closed = false;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#looks = new RepositoryLooks((repository, error) =>
      this.#complain(repository, error && `The models could not be looked at: ${error.message}`),
    );
  }

  add(repository: ModelRepository): void {
    this.#looks.add(repository);
  }

  /** Aliases come first: a pinned version is what answers from the start. */
  async start({ needsSources = false }: { needsSources?: boolean | undefined } = {}): Promise<void> {
    await this.#readAliases();
    if (needsSources) await this.#looks.demand();
    await this.refresh();
    await new Promise((done) => setTimeout(done, FIRST_LOOKS));
    await this.refresh();
    if (this.#options.polls) this.#repeat(LOOK_EVERY, () => this.#look(false));
    this.#repeat(READ_EVERY, () => this.#readAliases());
  }

  /** Looks at everything now. */
  async refresh(): Promise<void> {
    while (this.#looking) await this.#looking;
    await this.#look(true);
    await this.#readAliases();
  }

  /** The sources elsewhere that are not reached; they are tried again. */
  unreached(): string[] {
    return this.#looks.unreached();
  }

  /** Has the sources elsewhere that may have a model looked at now, and not at their next turn. */
  refreshSources(model: string): Promise<void> {
    return this.#looks.refresh(model);
  }

  /** Changes an alias in the store; readings that began before are forgotten. */
  async change(model: string, alias: string, update: AliasUpdate): Promise<AliasRecord | null> {
    try {
      return await this.#options.aliases.update(model, alias, update);
    } finally {
      this.#writes++;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await this.#looks.close();
    await this.#looking;
    await this.#reading;
  }

  #look(patient: boolean): Promise<void> {
    this.#looking ??= this.#lookNow(patient).finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookNow(patient: boolean): Promise<void> {
    const found = await this.#looks.look(patient);
    if (!this.#closed) await this.#options.take(found);
  }

  #readAliases(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  /** The store may be a database that is not reached, or has no tables yet. */
  async #readNow(): Promise<void> {
    const before = this.#writes;
    try {
      const table = await this.#options.aliases.read();
      this.#complain("aliases", undefined);
      if (before === this.#writes && !this.#closed) this.#options.takeAliases(table);
    } catch (error) {
      this.#complain("aliases", `The aliases could not be read: ${(error as Error).message}`);
    }
  }

  /** Looks come several times a second; what is wrong with them is told when it changes. */
  #complain(about: unknown, message: string | undefined): void {
    if (message !== undefined && message !== this.#complaints.get(about)) this.#options.warn(message);
    if (message === undefined) this.#complaints.delete(about);
    else this.#complaints.set(about, message);
  }

  #repeat(milliseconds: number, work: () => Promise<void>, at: number = this.#timers.length): void {
    if (this.#closed) return;
    this.#timers[at] = setTimeout(() => {
      void work()
        .catch((error: Error) => this.#complain(work, `The models could not be looked at: ${error.message}`))
        .finally(() => this.#repeat(milliseconds, work, at));
    }, milliseconds).unref();
  }
}
