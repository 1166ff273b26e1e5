import type { CacheBackend } from "../cache-backend.ts";

/** Keeps nothing: for development, and to find out what a cache hides. */
export class DummyBackend implements CacheBackend {
  readonly isShared = false;

  async getMany(keys: readonly string[]): Promise<undefined[]> {
    return keys.map(() => undefined);
  }

  async setMany(): Promise<void> {}

  async add(): Promise<boolean> {
    return true;
  }

  async deleteMany(): Promise<number> {
    return 0;
  }

  async touch(): Promise<boolean> {
    return false;
  }

  async increment(): Promise<undefined> {
    return undefined;
  }

  async clear(): Promise<void> {}
}
