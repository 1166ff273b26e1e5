import type { ModelRepository, VersionSource } from "../repositories/model-repository.ts";

/** What a repository had when it was last looked at. */
type Found = ReadonlyMap<string, readonly VersionSource[]>;

/** Milliseconds that a look waits for a repository which is slow; what it had before counts until it has answered. */
const PATIENCE = 500;
/** The same where somebody waits for what is new. */
const LONG_PATIENCE = 10_000;

/** Looks at several repositories side by side: one that is slow or broken holds back none of the others. */
export class RepositoryLooks {
  readonly #repositories: ModelRepository[] = [];
  readonly #found = new Map<ModelRepository, Found>();
  readonly #looking = new Map<ModelRepository, Promise<void>>();
  readonly #complain: (repository: ModelRepository, error: Error | undefined) => void;

  /** @param complain is told what went wrong with a repository, and of nothing when it is well. */
  constructor(complain: (repository: ModelRepository, error: Error | undefined) => void) {
    this.#complain = complain;
  }

  add(repository: ModelRepository): void {
    this.#repositories.push(repository);
  }

  /** The versions of every model; where two repositories have the same, the one that was added first counts. */
  async look(patient: boolean): Promise<Map<string, VersionSource[]>> {
    await Promise.all(
      this.#repositories.map((repository) => {
        const looked = this.#lookAt(repository);
        return Promise.race([looked, after(patient || !this.#found.has(repository) ? LONG_PATIENCE : PATIENCE)]);
      }),
    );
    return this.#merge();
  }

  /** Has sources elsewhere looked at now: those that have the model, or all where none is known to. */
  async refresh(model: string): Promise<void> {
    const having = this.#repositories.filter((repository) => this.#found.get(repository)?.has(model));
    await Promise.all((having.length > 0 ? having : this.#repositories).map((repository) => repository.refresh?.()));
  }

  /** The sources elsewhere that cannot tell now what they have. */
  unreached(): string[] {
    return this.#repositories.filter((each) => each.problem?.() !== undefined).flatMap(({ source }) => source ?? []);
  }

  /** Fulfilled when something is known of every source elsewhere. @throws as `ModelRepository.demand` */
  async demand(): Promise<void> {
    await Promise.all(this.#repositories.map((repository) => repository.demand?.()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#repositories.map((repository) => repository.close?.()));
  }

  #lookAt(repository: ModelRepository): Promise<void> {
    let looking = this.#looking.get(repository);
    if (looking === undefined) {
      looking = this.#lookNow(repository).finally(() => this.#looking.delete(repository));
      this.#looking.set(repository, looking);
    }
    return looking;
  }

  /** One that cannot be looked at counts as it was. */
  async #lookNow(repository: ModelRepository): Promise<void> {
    try {
      const found = new Map<string, readonly VersionSource[]>();
      for (const name of await repository.list()) found.set(name, await repository.versions(name));
      this.#found.set(repository, found);
      this.#complain(repository, undefined);
    } catch (error) {
      this.#complain(repository, error as Error);
    }
  }

  #merge(): Map<string, VersionSource[]> {
    const merged = new Map<string, Map<string, VersionSource>>();
    for (const repository of this.#repositories) {
      for (const [name, sources] of this.#found.get(repository) ?? []) {
        let versions = merged.get(name);
        if (versions === undefined) merged.set(name, (versions = new Map<string, VersionSource>()));
        for (const source of sources) if (!versions.has(source.version)) versions.set(source.version, source);
      }
    }
    return new Map([...merged].map(([name, versions]) => [name, [...versions.values()]]));
  }
}

async function after(milliseconds: number): Promise<void> {
  await new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
}
