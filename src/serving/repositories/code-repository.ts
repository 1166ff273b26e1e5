import type { ModelRepository, VersionSource } from "./model-repository.ts";

/** The one version of a handler that is code alone. */
export class CodeRepository implements ModelRepository {
  readonly #model: string;
  readonly #directory: string;

  constructor(model: string, directory: string) {
    this.#model = model;
    this.#directory = directory;
  }

  async list(): Promise<string[]> {
    return [this.#model];
  }

  async versions(model: string): Promise<VersionSource[]> {
    return model === this.#model ? [{ version: "1", directory: this.#directory, fingerprint: "code" }] : [];
  }
}
